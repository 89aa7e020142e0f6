"""What is wrong, and what to do, as values: one catalogue, a module a subject, and the words surfaces make of it."""

from .catalogue import KINDS as KINDS
from .catalogue import all_of as all_of
from .catalogue import as_said as as_said
from .english import ENGLISH as ENGLISH
from .english import SHARED as SHARED
from .english import Words as Words
from .english import command_of as command_of
from .message import Kind as Kind
from .message import Message as Message
from .message import Step as Step
from .message import Value as Value
from .stored import load_message as load_message
from .stored import message_json as message_json
from .stored import read_message as read_message
from .stored import store_message as store_message
