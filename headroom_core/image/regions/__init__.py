"""The part of a picture that a question is about: by geometry, by words found in it, by blank margins."""

from headroom_core.image.regions.anchors import anchored
from headroom_core.image.regions.geometry import asks_relations, place_of, region_of
from headroom_core.image.regions.plan import CropPlan, crop_plan, trim_plan

__all__ = ["CropPlan", "anchored", "asks_relations", "crop_plan", "place_of", "region_of", "trim_plan"]
