//! The marks of series: each has a shape of its own, so that colour is never the only difference.

use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::theme::{INK, SERIES};

/// What a step of drawing gives.
pub(super) type Drawn = Result<(), Box<dyn std::error::Error>>;

/// How the lines and marks of one series look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) colour: RGBColor,
    pub(super) shape: Shape,
    pub(super) dash: Dash,
}

/// The shape of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    Down,
    Bar,
    /// A small ring: what is not the reader's code.
    Ring,
}

/// How a line is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Long,
    Dots,
}

const SHAPES: [Shape; 6] =
    [Shape::Circle, Shape::Square, Shape::Triangle, Shape::Diamond, Shape::Down, Shape::Bar];

impl Look {
    /// The look of the series number `index`.
    pub(super) fn of(index: usize) -> Look {
        // When the colours come round again, each has another shape than before, and the lines are broken.
        let turn = index / SERIES.len();
        let (colour, shape) = (SERIES[index % SERIES.len()], SHAPES[(index + turn) % SHAPES.len()]);
        let dash = if index < SERIES.len() { Dash::Solid } else { Dash::Long };
        Look { colour, shape, dash }
    }

    /// The look of a line whose points may not be marked: how it is broken tells it from its neighbours.
    pub(super) fn of_line(index: usize) -> Look {
        Look::compared(index, index)
    }

    /// The look of one of several results that are drawn over one another: its marks and lines tell which.
    pub(super) fn compared(colour: usize, result: usize) -> Look {
        let dash = [Dash::Solid, Dash::Long, Dash::Dots][result % 3];
        Look { colour: SERIES[colour % SERIES.len()], shape: SHAPES[result % SHAPES.len()], dash }
    }

    /// The look of a ceiling.
    pub(super) const CEILING: Look = Look { colour: INK, shape: Shape::Ring, dash: Dash::Solid };

    /// Draws the mark at a place in pixels.
    pub(super) fn mark<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>, (x, y): (i32, i32)) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let filled = self.colour.filled();
        let polygon = |corners: &[(i32, i32)]| {
            let corners: Vec<_> = corners.iter().map(|(right, down)| (x + right, y + down)).collect();
            Drawn::Ok(area.draw(&Polygon::new(corners, filled))?)
        };
        match self.shape {
            Shape::Circle => Ok(area.draw(&Circle::new((x, y), 4, filled))?),
            Shape::Ring => Ok(area.draw(&Circle::new((x, y), 3, self.colour.stroke_width(1)))?),
            Shape::Square => polygon(&[(-4, -4), (4, -4), (4, 4), (-4, 4)]),
            Shape::Triangle => polygon(&[(0, -5), (5, 4), (-5, 4)]),
            Shape::Diamond => polygon(&[(0, -6), (5, 0), (0, 6), (-5, 0)]),
            Shape::Down => polygon(&[(0, 5), (5, -4), (-5, -4)]),
            Shape::Bar => polygon(&[(-6, -2), (6, -2), (6, 2), (-6, 2)]),
        }
    }
}

impl Dash {
    /// Draws a line through places in pixels.
    pub(super) fn line<DB: DrawingBackend>(
        self,
        area: &DrawingArea<DB, Shift>,
        through: &[(i32, i32)],
        style: ShapeStyle,
    ) -> Drawn
    where
        DB::ErrorType: 'static,
    {
        let points = through.to_vec();
        match self {
            Dash::Solid => area.draw(&PathElement::new(points, style))?,
            Dash::Long => area.draw(&DashedPathElement::new(points, 6, 5, style))?,
            Dash::Dots => area.draw(&DashedPathElement::new(points, 2, 4, style))?,
        }
        Ok(())
    }
}
