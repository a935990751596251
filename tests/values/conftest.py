"""The ports that use every word, and the values that were met in them."""

import pytest

import portsim
from values.every_word import lay_out
from values.leaves import Pool


class Ports(list):
    """Scenarios that do not fill the screen when a test fails."""

    def __repr__(self):
        return f"<{len(self)} ports>"


@pytest.fixture(scope="session")
def ports(tmp_path_factory):
    return Ports(portsim.load(path) for path in lay_out(tmp_path_factory.mktemp("ports")))


@pytest.fixture(scope="session")
def pool(ports):
    return Pool(ports)
