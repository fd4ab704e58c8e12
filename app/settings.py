"""Settings, read once from `VERBATIM_*` variables when the application is assembled."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]
"""The folder that holds `migrations/` and `seed/`, in a checkout as in an installation."""


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+[^\s]*", value):
        raise ValueError("it is not an address such as https://quotes.example")
    return value


class Settings(BaseSettings):
    """Frozen; every field is documented in docs/settings.md, which a test compares with this class."""

    model_config = SettingsConfigDict(env_prefix="VERBATIM_", frozen=True, extra="ignore")

    database_url: str = Field(
        default="sqlite:///verbatim.db",
        description="SQLAlchemy address of the database; a relative SQLite path counts from the working directory.",
    )
    public_url: Annotated[str, AfterValidator(_address)] | None = Field(
        default=None,
        description="Address under which clients reach the service; taken from each request when unset.",
    )
    seed: bool = Field(
        default=True,
        description="Whether `serve --prepare` puts the seed article on an empty record.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line written; `info` includes one line a request."
    )
    cache_mb: int = Field(
        default=64, ge=0, le=65536, description="Memory for the response cache, in megabytes; 0 turns it off."
    )
    max_body_kb: int = Field(
        default=8_000, ge=1, le=1_000_000, description="Longest request body that is read, in kilobytes of 1,000 bytes."
    )
    read_requires_key: bool = Field(
        default=False, description="Whether reading the record needs a key too; the docs and the probes never do."
    )
    wrong_keys: int = Field(
        default=10, ge=1, description="Keys that are not good from one address in a minute; then it has to wait."
    )
    two_people: bool = Field(
        default=False,
        description="Whether a quote that one key proposed is published, and once public changed, only by another key.",
    )
    metrics: bool = Field(default=True, description="Whether `/metrics` answers.")
