"""The application's OpenAPI document, made once for all that is tried on each part of it."""

from app.api.openapi import Document
from app.main import create_app
from app.settings import Settings

DOCUMENT: Document = create_app(Settings()).openapi()
