from __future__ import annotations

import pytest
from scrapy.exceptions import UsageError

from crawler.given import check_given


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("MAX_NODES=abc", "a whole number"),
        ("MAX_CAPTURE_BYTES=16M", "a whole number"),
        ("LOCK_WAIT=soon", "a number"),
        ("DOWNLOAD_TIMEOUT=soon", "a number"),
        ("PROGRESS_ENABLED=maybe", "1 or 0"),
        ("LOG_LEVEL=FOO", "WARNING"),
        ("DATABSE=x.db", "did you mean DATABASE"),
        ("DISABLE_RULES=a.b", "did you mean DISABLED_RULES"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(pair: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_given([pair])


def test_other_settings_are_taken() -> None:
    check_given(
        [
            "MAX_NODES=5",
            "LOCK_WAIT=1.5",
            "LOG_LEVEL=info",
            "PROGRESS_ENABLED=0",
            "DATABASE=x.db",
            "DOWNLOAD_TIMEOUT=2.5",
            "SOMEBODY_ELSES=3",
            "no pair",
        ]
    )
