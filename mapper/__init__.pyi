from mapper.api import MapResult as MapResult
from mapper.api import run as run
from mapper.areas import build_territory as build_territory
from mapper.articles import read_articles as read_articles
from mapper.claims import extract_claims as extract_claims
from mapper.config import Config as Config
from mapper.config import read_config as read_config
from mapper.export import export as export
from mapper.gazetteer import Gazetteer as Gazetteer
from mapper.model import Article as Article
from mapper.model import Claim as Claim
from mapper.model import Result as Result
from mapper.model import Territory as Territory
from mapper.model import Timeline as Timeline
from mapper.records import read_table as read_table
from mapper.timeline import build_timeline as build_timeline
from mapper.toponyms import find_toponyms as find_toponyms
from mapper.webmap import ControlTimeline as ControlTimeline
from mapper.webmap import render as render

__version__: str
