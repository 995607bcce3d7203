"""The measure of growth tells proportion from a square, so that tests with it can fail."""

from growth import grows_with_size


def square(size: int) -> None:
    for _ in range(size):
        sum(range(size))


def proportion(size: int) -> None:
    for _ in range(size):
        sum(range(500))


def test_time_in_proportion_grows_with_the_size() -> None:
    assert grows_with_size(proportion, 250, 2_000)


def test_the_square_does_not() -> None:
    assert not grows_with_size(square, 100, 800)
