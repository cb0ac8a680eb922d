"""A country's places from open dumps that a user has: GeoNames, OCHA's administrative units with P-codes, OpenStreetMap.

One command a country (``mapper gazetteer get``): whatever dumps lie in a folder are read, joined with each other and with the
bundled places, and written as one user gazetteer.
"""

from mapper.dumps.country import Got, get_country

__all__ = ["Got", "get_country"]
