use std::fmt::Write;

use super::{
    aspect::Aspect,
    results::{Results, Row},
};
use crate::{contestant::Name, job::QueueKind, scenario::Scenario};

/// Who has a bar.
const BARS: [(Name, &str); 3] =
    [(Name::Leveret, "#c2631b"), (Name::Amqprs, "#6b7785"), (Name::Lapin, "#a9b4c0")];
/// Where bars begin, in pixels, beyond the titles of the scenarios.
const LEFT: f64 = 180.0;
/// How long the longest bar may be.
const LONGEST: f64 = 400.0;
const WIDTH: f64 = 660.0;
const HEIGHT: f64 = 14.0;
const GAP: f64 = 14.0;
/// Where the first scenario begins, below the title and the legend.
const TOP: f64 = 64.0;

/// Bars of how fast each contestant was beside amqprs by hand: a bar twice as long is twice as fast, also where times were
/// measured.
pub(super) fn svg(results: &Results, queue: QueueKind) -> String {
    let groups = Scenario::ALL.map(|scenario| (scenario, bars(results, queue, scenario)));
    let fastest = groups.iter().flat_map(|(_, bars)| bars).map(|bar| bar.speed).fold(1.0, f64::max);
    let scale = LONGEST / fastest;
    let (mut body, mut y) = (String::new(), TOP);
    for (scenario, bars) in groups.iter().filter(|(_, bars)| !bars.is_empty()) {
        let middle = y + HEIGHT * bars.len() as f64 / 2.0 + 4.0;
        text(&mut body, LEFT - 10.0, middle, "end", scenario.title());
        for Bar { colour, speed } in bars {
            let width = speed * scale;
            let _ = writeln!(
                body,
                r#"<rect x="{LEFT}" y="{y}" width="{width:.1}" height="{:.1}" fill="{colour}"/>"#,
                HEIGHT - 2.0
            );
            text(&mut body, LEFT + width + 6.0, y + HEIGHT - 4.0, "start", &format!("{speed:.2}"));
            y += HEIGHT;
        }
        y += GAP;
    }
    frame(queue, scale, y, &body)
}

fn frame(queue: QueueKind, scale: f64, height: f64, body: &str) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    text(&mut svg, 10.0, 22.0, "start", &format!("Speed beside amqprs by hand, {} queues", queue.as_str()));
    for ((name, colour), x) in BARS.into_iter().zip([0.0, 90.0, 180.0].map(|x| LEFT + x)) {
        let _ = writeln!(svg, r#"<rect x="{x}" y="36" width="10" height="10" fill="{colour}"/>"#);
        text(&mut svg, x + 15.0, 46.0, "start", name.title());
    }
    let one = LEFT + scale;
    let bottom = height - GAP;
    let _ = writeln!(svg, r##"<path d="M{one:.1} {TOP}V{bottom}" stroke="#bbb" stroke-dasharray="3"/>"##);
    svg + body + "</svg>\n"
}

/// One contestant in one scenario.
struct Bar {
    colour: &'static str,
    /// How many times as fast as amqprs by hand.
    speed: f64,
}

/// The bars of a scenario, where there is something to compare with.
fn bars(results: &Results, queue: QueueKind, scenario: Scenario) -> Vec<Bar> {
    let row = |contestant| Row { queue, scenario, contestant };
    let aspect = Aspect::of(scenario);
    let bar = |(name, colour)| {
        let ratio = results.ratio(row(name), row(Name::Amqprs), aspect)?;
        Some(Bar { colour, speed: if aspect == Aspect::Latency { ratio.recip() } else { ratio } })
    };
    BARS.into_iter().filter_map(bar).collect()
}

/// A text. Ours alone, without characters that would need to be escaped.
fn text(svg: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let _ = writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{text}</text>"#);
}

#[cfg(test)]
mod tests {
    use super::{super::results::tests::rates, *};

    #[test]
    fn bars_are_as_long_as_contestants_are_fast() {
        let results = rates(&[(Name::Leveret, &[200]), (Name::Amqprs, &[100]), (Name::Lapin, &[50])]);
        let svg = svg(&results, QueueKind::Quorum);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
        let widths: Vec<_> = svg.lines().filter(|line| line.contains(r#"height="12.0""#)).collect();
        assert_eq!(widths.len(), 3);
        for (line, width) in widths.iter().zip(["400.0", "200.0", "100.0"]) {
            assert!(line.contains(&format!(r#"width="{width}""#)), "{line}");
        }
        assert!(svg.contains(">send, 256 in flight</text>") && svg.contains(">2.00</text>"));
        assert!(!svg.contains("request"), "nothing was measured of it");
    }

    #[test]
    fn nothing_measured_is_an_empty_chart() {
        let svg = svg(&rates(&[]), QueueKind::Classic);
        assert!(svg.contains("classic queues") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
