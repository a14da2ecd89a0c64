"""Which rows of a stack become one where there are more than a picture has room for."""

import heapq
from collections.abc import Sequence


def runs(busy: Sequence[bool], most: int) -> list[range]:
    """The rows, bottom first, as at most `most` runs (two at least); all of a run become one row.

    Two neighbours after the other become one: first such as are not `busy`, of those such as hold several already, of
    those the lowest. The topmost row stays by itself.
    """
    count = len(busy)
    ends, before, is_busy = list(range(1, count + 1)), list(range(-1, count - 1)), list(busy)

    def cost(low: int) -> tuple[int, int, int]:
        high = ends[low]
        is_folded = high - low > 1 or ends[high] - high > 1
        return is_busy[low] + is_busy[high], 0 if is_folded else 1, low

    is_run = [True] * count
    costs = {low: cost(low) for low in range(count - 2)}
    waiting = list(costs.values())
    heapq.heapify(waiting)
    left = count
    while left > max(most, 2) and waiting:
        cheapest = heapq.heappop(waiting)
        low = cheapest[2]
        if costs.get(low) != cheapest:
            continue  # one of the two has become part of a larger run since
        high = ends[low]
        ends[low] = ends[high]
        is_run[high] = False
        is_busy[low] |= is_busy[high]
        del costs[low]
        costs.pop(high, None)
        if ends[low] < count:
            before[ends[low]] = low
        for first in (before[low], low):
            if first >= 0 and ends[first] < count - 1:
                costs[first] = cost(first)
                heapq.heappush(waiting, costs[first])
        left -= 1
    return [range(low, ends[low]) for low in range(count) if is_run[low]]
