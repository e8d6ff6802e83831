from __future__ import annotations

import numpy as np
import polars as pl

from simulation.ids import SLOT_PATTERN, event_ids, person_keys, run_key, slot_ids


def test_a_slot_id_says_year_level_and_number() -> None:
    slots = pl.DataFrame({"job_level": [3, 1], "slot": [17, 123_456]})
    assert slots.select(slot_ids(2027)).to_series().to_list() == ["H2027-L3-00017", "H2027-L1-123456"]


def test_every_slot_id_is_recognised() -> None:
    slots = pl.DataFrame({"job_level": [3, 1], "slot": [17, 123_456]})
    assert all(SLOT_PATTERN.match(name) for name in slots.select(slot_ids(2027)).to_series())


def test_a_persons_key_is_pinned() -> None:
    # Changing this value gives everybody another life: every stored run would differ from its repetition.
    assert person_keys(pl.Series(["E000001"]))[0] == 15_407_321_739_664_195_411


def test_keys_follow_ids_whatever_their_order_and_number() -> None:
    keys = person_keys(pl.Series(["a", "b", "a", "c"]))
    assert keys[0] == keys[2]
    assert keys[1] == person_keys(pl.Series(["b"]))[0]
    assert keys.n_unique() == 3


def test_an_event_id_is_a_version_8_uuid() -> None:
    words = event_ids(run_key("s", "c", 1), [np.arange(100, dtype=np.uint64)])
    assert set((words[:, 0] >> np.uint64(12)) & np.uint64(0xF)) == {8}
    assert set(words[:, 1] >> np.uint64(62)) == {2}


def test_a_changed_cell_run_or_place_gives_another_event_id() -> None:
    first, second = np.zeros(10_000, dtype=np.uint64), np.arange(10_000, dtype=np.uint64)
    ids = {
        bytes(row)
        for key in (run_key("s", "c", 1), run_key("s", "c", 2))
        for content in ([first, second], [second, first], [first + np.uint64(1), second])
        for row in event_ids(key, content)
    }
    # The rows (0, 0) and (1, 0) each stand in two of the three contents.
    assert len(ids) == 2 * (3 * 10_000 - 2)
