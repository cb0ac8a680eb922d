"""Places: an offline index of the world's place names, and the one door to the bundled data about them.

``GazetteerGeocoder`` lives in ``mapper.gazetteer.geocoder`` so that opening a gazetteer does not load geopy.
"""

from mapper.gazetteer.index import TIERS, Candidate, Gazetteer
from mapper.gazetteer.names import fold, names_a_unit, normalise, normalise_many
from mapper.gazetteer.store import GazetteerError

__all__ = ["TIERS", "Candidate", "Gazetteer", "GazetteerError", "fold", "names_a_unit", "normalise", "normalise_many"]
