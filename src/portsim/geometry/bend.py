"""A bend of a lane in plan: a straight, an arc to the left, a straight.

The outer edge comes along the x axis, turns to the left at the origin on a circle of the given
radius about (0, radius) and leaves on its tangent. A place in the lane is told by its depth: the
distance from the outer edge, inwards. The lane is what has a depth between 0 and its width.
"""

import math
from dataclasses import dataclass

import numpy as np

from portsim.arrays import Reals

__all__ = ["Bend", "Lane"]


@dataclass(frozen=True, slots=True)
class Bend:
    """The line that a straight, an arc and a straight make.

    Attributes:
        radius: of the arc, metres.
        angle: by which the direction changes, radians; above 180 degrees it goes round in circles,
            where a depth has no meaning.
    """

    radius: float
    angle: float

    def at(self, distance: float) -> tuple[float, float, float]:
        """Point and direction at a distance along the line from where the arc begins.

        Returns:
            x and y in metres, direction in radians; 0 is along the x axis.
        """
        arc = self.radius * self.angle
        if distance <= 0.0:
            return distance, 0.0, 0.0
        turned = min(distance, arc) / self.radius
        rest = max(0.0, distance - arc)
        x = self.radius * math.sin(turned) + rest * math.cos(turned)
        y = self.radius * (1.0 - math.cos(turned)) + rest * math.sin(turned)
        return x, y, turned

    def beside(self, x: float, y: float) -> tuple[float, float]:
        """How far a point lies inside the line (to the left), and the line's direction there."""
        around = math.atan2(x, self.radius - y)
        # Told from the middle of the arc, both straights are where they are up to a half turn.
        offset = math.remainder(around - self.angle / 2.0, 2.0 * math.pi)
        if offset < -self.angle / 2.0:
            return y, 0.0
        if offset > self.angle / 2.0:
            end_x, end_y, turned = self.at(self.radius * self.angle)
            return (y - end_y) * math.cos(turned) - (x - end_x) * math.sin(turned), turned
        return self.radius - math.hypot(x, y - self.radius), offset + self.angle / 2.0

    def depth(self, x: Reals, y: Reals) -> Reals:
        """Distance of points from the line, positive inside, for angles up to 180 degrees.

        Args:
            x: metres, float64, any shape.
            y: metres, the same shape.

        Returns:
            Metres, the same shape. Where a point is as near to the one straight as to the other,
            it belongs to the nearer: a wide lane has a sharp inner corner.
        """
        end_x, end_y, turned = self.at(self.radius * self.angle)
        along = (y - end_y) * math.cos(turned) - (x - end_x) * math.sin(turned)
        straight = np.minimum(y, along)
        # Between the two normals at the ends of the arc, on their outer side.
        beyond = (x - end_x) * math.cos(turned) + (y - end_y) * math.sin(turned) > 0.0
        sector = (x >= 0.0) & ~beyond
        out: Reals = np.where(sector, self.radius - np.hypot(x, y - self.radius), straight)
        return out

    def offset(self, depth: float, before: float, after: float) -> Reals:
        """The line at a depth, for drawing.

        Args:
            depth: metres inwards; negative is outside.
            before: length of the first straight, metres.
            after: length of the last straight, metres.

        Returns:
            float64[n, 2], metres. Beyond the centre of the arc it is two straights that meet.
        """
        if depth < self.radius:
            inner = self.radius - depth
            around = np.linspace(0.0, self.angle, max(3, math.ceil(self.angle * 60)))
            x, y = inner * np.sin(around), self.radius - inner * np.cos(around)
        else:
            # Where both straights, moved inwards, cross.
            corner = (depth - self.radius) * math.tan(self.angle / 2.0)
            x, y = np.array([-corner]), np.array([depth])
        ahead = math.cos(self.angle), math.sin(self.angle)
        start = np.array([[min(-before, float(x[0])), y[0]]])
        end = np.array([[x[-1] + after * ahead[0], y[-1] + after * ahead[1]]])
        line: Reals = np.vstack([start, np.column_stack([x, y]), end])
        return line


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane with a bend; all lengths in metres.

    Attributes:
        width: between its outer and its inner edge.
        radius: of the outer edge in the bend.
        angle: of the bend, radians, at most 180 degrees.
        apron: strip beyond the inner edge that bears wheels.
        oversail_inner: strip beyond the apron that only a load may hang over.
        oversail_outer: strip beyond the outer edge that only a load may hang over.
    """

    width: float
    radius: float
    angle: float
    apron: float = 0.0
    oversail_inner: float = 0.0
    oversail_outer: float = 0.0

    @property
    def outer(self) -> Bend:
        """The outer edge."""
        return Bend(self.radius, self.angle)
