"""The pages, in clients and in a real browser."""

import pytest

pytest.register_assert_rewrite("tests.pages.browser")
