"""Texts in several languages and notations on which the estimate of text tokens is measured."""

from __future__ import annotations

ENGLISH = (
    "The committee met on Tuesday to review the annual report. Several members asked whether the"
    " projected savings were "
    "realistic, given that energy prices had risen faster than anyone expected. After a long discussion they agreed to "
    "publish the figures with a short explanation, and to return to the question in the spring.",
    "Please describe what you see in this picture. Is there any text on the sign, and if so, what does"
    " it say? If you are "
    "unsure, tell me which parts are hard to read.",
    "Photosynthesis converts carbon dioxide and water into glucose and oxygen. Chlorophyll absorbs mostly blue and red "
    "wavelengths, which is why leaves appear green. Temperature, light intensity and carbon dioxide concentration each "
    "limit the overall rate under different circumstances.",
    "INVOICE\nNorthwind Traders Ltd.\n14 Harbour Street, Portsmouth PO1 3AX\nInvoice no. 2024-00183  "
    " Date 17 March 2024\n"
    "Payment is due within thirty days. Please quote the invoice number with your transfer.",
    "It's not that I can't do it; I just don't think we should. She'd already said they'll come, hasn't she? We've got "
    "plenty of time, so let's wait and see what happens.",
)

CODE = (
    'def fibonacci(n: int) -> int:\n    """Return the n-th Fibonacci number."""\n    a, b = 0, 1\n   '
    " for _ in range(n):\n"
    "        a, b = b, a + b\n    return a\n\n\nif __name__ == '__main__':\n    print([fibonacci(i) for"
    " i in range(20)])\n",
    "const groupBy = (items, keyOf) => items.reduce((acc, item) => {\n  (acc[keyOf(item)] ||="
    " []).push(item);\n  return acc;"
    "\n}, {});\nexport default groupBy;\n",
    '{"id": "chatcmpl-9aK3", "object": "chat.completion", "usage": {"prompt_tokens": 1183, "completion_tokens": 42}, '
    '"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": null}}]}',
    "SELECT c.name, SUM(o.total_cents) / 100.0 AS revenue FROM customers c LEFT JOIN orders o ON o.customer_id = c.id "
    "WHERE o.created_at >= '2024-01-01' GROUP BY c.name HAVING COUNT(*) > 3 ORDER BY revenue DESC LIMIT 25;",
    'Traceback (most recent call last):\n  File "/srv/app/main.py", line 214, in handle\n    return self._dispatch[op]'
    "(payload)\nKeyError: 'xUnsubscribeV2'\n[2024-05-11T08:14:55.120Z] ERROR 0x7ffe3b2c1a40 retry=3\n",
    '<div class="card mt-4 px-2"><a href="https://example.org/a?q=1&amp;lang=en#top">Read more&hellip;</a></div>',
)

NOTATION = (
    "| item | qty | price |\n|---|---:|---:|\n| Coffee, ground 500 g | 2 | 7.98 |\n| Oat milk | 6 | 11.34 |\n"
    "| **Total** | | **19.32** |\n",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "3.14159265358979 2.71828182845904 1.41421356237309 0x1F4A9 1e-9 1,048,576 00:17:32 +44 20 7946 0958 192.168.0.254",
    "E = mc², ∫₀^∞ e^(−x²) dx = √π / 2, α ≤ β ⇒ f(α) ≤ f(β), ∀x ∈ ℝ: x² ≥ 0",
    "😀 🎉 👩‍👩‍👧‍👦 🏳️‍🌈 ☕ ✅ ⚠️ → ★★★☆☆ “quoted” — dash… €19,99 £4.50 ¥1,200",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z A B C D E F G",
    "zq xj wvk qwrtp bcdfg xkcd pfft hmm tsk brrr psst grrr zzz nth cwm",
)

CHINESE = (
    "委员会星期二开会审查了年度报告。几位成员询问预计的节省是否现实，因为能源价格的上涨速度超出了所有人的预期。",
    "请描述这张图片中的内容。招牌上有没有文字？如果有，写的是什么？看不清楚的地方请告诉我。",
    "發票號碼：二〇二四年第一八三號。請於三十日內付款，並在匯款時註明發票號碼。謝謝您的惠顧！",
)

JAPANESE = (
    "委員会は火曜日に年次報告書を検討しました。エネルギー価格が予想以上に上昇したため、節約の見込みが現実的かどうかについて質問がありました。",
    "この写真に何が写っているか説明してください。看板に文字はありますか。読みにくい部分があれば教えてください。",
    "ご注文ありがとうございます。お届けは3月17日の午前中を予定しております。コーヒー豆（500グラム）×2袋。",
)

ARABIC = (
    "اجتمعت اللجنة يوم الثلاثاء لمراجعة التقرير السنوي. وسأل عدد من الأعضاء عما إذا كانت الوفورات المتوقعة واقعية.",
    "من فضلك صف ما تراه في هذه الصورة. هل توجد كتابة على اللافتة؟ وإذا كان الأمر كذلك، فماذا تقول؟",
    "رقم الفاتورة ١٨٣ لسنة ٢٠٢٤. يرجى السداد خلال ثلاثين يومًا من تاريخه، مع ذكر رقم الفاتورة.",
)

HINDI = (
    "समिति ने मंगलवार को वार्षिक रिपोर्ट की समीक्षा की। कई सदस्यों ने पूछा कि क्या अनुमानित बचत वास्तविक है।",
    "कृपया बताइए कि इस चित्र में क्या दिखाई दे रहा है। क्या बोर्ड पर कुछ लिखा है? यदि हाँ, तो क्या लिखा है?",
    "चालान संख्या १८३। भुगतान तीस दिनों के भीतर करें और राशि भेजते समय चालान संख्या अवश्य लिखें। धन्यवाद।",
)

OTHERS = (
    "Комитет собрался во вторник, чтобы рассмотреть годовой отчёт. Несколько участников спросили,"
    " реалистичны ли цифры.",
    "위원회는 화요일에 모여 연례 보고서를 검토했습니다. 몇몇 위원은 예상 절감액이 현실적인지 물었습니다.",
    "คณะกรรมการประชุมเมื่อวันอังคารเพื่อพิจารณารายงานประจำปี สมาชิกหลายคนถามว่าตัวเลขนั้นเป็นไปได้หรือไม่",
    "Ο σύλλογος συνεδρίασε την Τρίτη για να εξετάσει την ετήσια έκθεση. Ορισμένα μέλη ζήτησαν διευκρινίσεις.",
    "הוועדה התכנסה ביום שלישי כדי לבחון את הדוח השנתי. כמה חברים שאלו אם החיסכון הצפוי מציאותי.",
    "Die Geschäftsführung prüfte den Jahresabschluss; Übertragungsnetzbetreiber müssen größere Rückstellungen bilden.",
    "Le comité s'est réuni mardi pour examiner le rapport annuel. L'été dernier, l'énergie avait déjà coûté très cher.",
    "কমিটি মঙ্গলবার বার্ষিক প্রতিবেদন পর্যালোচনা করেছে। தலைவர் அறிக்கையை வெளியிட்டார்.",
    "Ủy ban đã họp vào thứ Ba để xem xét báo cáo thường niên. Yıllık raporu görüşmek üzere komisyon salı"
    " günü toplandı.",
    "კომიტეტი სამშაბათს შეიკრიბა. Հանձնաժողովը հավաքվեց երեքշաբթի օրը։ ኮሚቴው ማክሰኞ ተሰብስቧል።",
)

EVERY = (*ENGLISH, *CODE, *NOTATION, *CHINESE, *JAPANESE, *ARABIC, *HINDI, *OTHERS)
