"""A census without people in it: pseudonyms for ids, dates moved within their month.

Names and all other columns of a file never reach a census, so there is nothing else to drop. Pay and
departments stay: who knows these of a person can still find them, and the notes say so.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.census.canonical import Census
from simulation.census.check import YOUNGEST_HIRE
from simulation.dates import completed_years
from simulation.ids import person_keys
from simulation.rng import Purpose, uniform_array

_ID_HEX = 16
_DRAW_YEAR = 0


def anonymise(census: Census, key: str | None = None) -> Census:
    """Return the census with pseudonyms and with birth and hire dates drawn anew within their months.

    Args:
        census: What to anonymise.
        key: A secret that makes the same pseudonyms and dates again; without one they are drawn from the
            operating system and nothing can lead back. The key is stored nowhere.
    """
    secret = secret_of(key)
    ids = census.frame["employee_id"]
    names = pl.Series([pseudonym(secret, name) for name in ids], dtype=pl.String)
    frame = census.frame.with_columns(
        names.alias("employee_id"), pl.col("family_of").replace_strict(ids, names, default=None)
    )
    frame = _moved(frame, date_seed(secret), census)
    note = "anonymised: ids replaced, birth and hire dates moved within their month; pay and department kept"
    return Census(frame, census.as_of, "anonymised census", (*census.notes, note))


def secret_of(key: str | None) -> bytes:
    """Return what pseudonyms and dates are drawn from: the key, or something that nobody will know."""
    return key.encode() if key else secrets.token_bytes(32)


def pseudonym(secret: bytes, name: str) -> str:
    """Return the name that stands for an employee id; the same one wherever the secret is the same."""
    return "P" + hmac.new(secret, name.encode(), hashlib.sha256).hexdigest()[:_ID_HEX]


def date_seed(secret: bytes, purpose: str = "dates") -> int:
    """Return the seed that days are drawn with."""
    digest = hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "little")


def _moved(frame: pl.DataFrame, seed: int, census: Census) -> pl.DataFrame:
    """Return the frame with new days; where these would break a rule, the days furthest apart."""
    keys = person_keys(frame["employee_id"]).to_numpy()
    draws = [uniform_array(seed, Purpose.CENSUS_ANONYMISE, _DRAW_YEAR, keys, k) for k in (0, 1)]
    last_day = pl.min_horizontal(pl.col("hire_date").dt.month_end(), pl.lit(census.as_of))
    born = day_of_month(pl.col("birth_date"), pl.col("birth_date").dt.month_end(), draws[0])
    hired = day_of_month(pl.col("hire_date"), last_day, draws[1])
    moved = frame.with_columns(born.alias("born"), hired.alias("hired"))
    sound = completed_years("born", pl.col("hired")) >= YOUNGEST_HIRE
    first = pl.col("birth_date").dt.month_start()
    return moved.with_columns(
        pl.when(sound).then("born").otherwise(first).alias("birth_date"),
        pl.when(sound).then("hired").otherwise(last_day).alias("hire_date"),
    ).drop("born", "hired")


def day_of_month(day: pl.Expr, last: pl.Expr, draw: npt.NDArray[np.float64]) -> pl.Expr:
    """Return a day of the same month, not after ``last``."""
    first = day.dt.month_start()
    days = (last - first).dt.total_days() + 1
    offset = (pl.lit(pl.Series(draw)) * days).floor().cast(pl.Int32)
    return (first.cast(pl.Int32) + offset).cast(pl.Date)
