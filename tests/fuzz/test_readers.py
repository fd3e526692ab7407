from __future__ import annotations

import pytest
from fuzzing import TARGETS, captures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize("folder", TARGETS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_thrown_at_a_reader_breaks_it(folder: str, data: st.DataObject) -> None:
    TARGETS[folder](data.draw(captures(folder)))
