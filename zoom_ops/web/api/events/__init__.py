"""The API of event records: to read and write them, to import files of them, and who may find them."""

from fastapi import APIRouter

from ..description import name_operation
from . import imports, records, visibility

router = APIRouter(generate_unique_id_function=name_operation)  # else the names of the operations change
for part in (records, imports, visibility):
    router.include_router(part.router)
