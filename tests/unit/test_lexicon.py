from __future__ import annotations

import polars as pl
import pytest

from simulation.lexicon import Lexicon


def test_new_texts_get_codes_in_alphabetical_order() -> None:
    first, second = Lexicon().codes([pl.Series(["d", "a", None, "d"]), pl.Series(["c", "a"])])
    assert first.to_list() == [2, 0, None, 2]
    assert second.to_list() == [1, 0]


def test_known_texts_keep_their_codes() -> None:
    lexicon = Lexicon()
    lexicon.codes([pl.Series(["b", "a"])])
    assert lexicon.codes([pl.Series(["new", "a", "newer", "new", "Zoë"])])[0].to_list() == [3, 0, 4, 3, 2]
    assert lexicon.texts().to_list() == ["a", "b", "Zoë", "new", "newer"]
    assert lexicon.rows(since=3).rows() == [(3, "new"), (4, "newer")]


@pytest.mark.parametrize("dtype", [pl.Enum(["c", "b", "unused", "a"]), pl.Categorical()])
def test_categories_have_the_codes_of_their_texts(dtype: pl.DataType) -> None:
    texts = pl.Series(["c", None, "a", "b", "c"])
    plain, chosen = Lexicon().codes([texts, texts.cast(dtype)])
    assert chosen.to_list() == plain.to_list() == [2, None, 0, 1, 2]


@pytest.mark.parametrize("dtype", [pl.String(), pl.Enum(["a"]), pl.Categorical()])
@pytest.mark.parametrize("texts", [[], [None, None]])
def test_no_text_has_no_code(dtype: pl.DataType, texts: list[None]) -> None:
    lexicon = Lexicon()
    assert lexicon.codes([pl.Series(texts, dtype=dtype)])[0].to_list() == texts
    assert len(lexicon) == 0


def test_a_lexicon_is_rebuilt_from_its_texts() -> None:
    lexicon = Lexicon(pl.Series(["b", "a"]))
    assert lexicon.codes([pl.Series(["a", "b"])])[0].to_list() == [1, 0]
    assert len(lexicon) == 2


def test_nothing_has_no_codes() -> None:
    assert Lexicon().codes([]) == []


def test_a_code_that_nobody_gave_out_has_a_key_all_the_same() -> None:
    assert len(Lexicon().keys([3])) == len(Lexicon(pl.Series(["a"])).keys([3])) == 1


def test_keys_do_not_depend_on_the_codes() -> None:
    one, other = Lexicon(pl.Series(["a", "b"])), Lexicon(pl.Series(["x", "b", "a"]))
    assert one.keys(pl.Series([0, 1])).tolist() == other.keys(pl.Series([2, 1])).tolist()
