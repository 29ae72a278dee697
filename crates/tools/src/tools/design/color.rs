//! Colours of CSS and the contrast between them, as WCAG 2.2 counts it.

/// Red, green and blue from 0 to 255, and how much of what lies behind is covered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Color {
    red: f64,
    green: f64,
    blue: f64,
    pub(super) alpha: f64,
}

pub(super) const WHITE: Color = Color { red: 255.0, green: 255.0, blue: 255.0, alpha: 1.0 };
pub(super) const BLACK: Color = Color { red: 0.0, green: 0.0, blue: 0.0, alpha: 1.0 };

/// The names of CSS Color 4.
const NAMES: &str = "aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32";

impl Color {
    /// Reads a colour as CSS writes it: `#rgb`, `#rrggbb` (with or without alpha), a name, `rgb(...)` or `hsl(...)`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if let Some(digits) = text.strip_prefix('#') {
            return Self::hex(digits);
        }
        if text == "transparent" {
            return Some(Self { alpha: 0.0, ..BLACK });
        }
        let (function, rest) = match text.split_once('(') {
            Some((function, rest)) => (function.trim_end_matches('a'), rest.strip_suffix(')')?),
            None => {
                let mut words = NAMES.split(' ');
                return words.find(|word| *word == text).and_then(|_| Self::hex(words.next()?));
            }
        };
        let parts: Vec<&str> = rest.split([',', ' ', '/']).filter(|part| !part.is_empty()).collect();
        let (first, second, third) = (parts.first()?, parts.get(1)?, parts.get(2)?);
        let number = |text: &str, whole: f64| match text.strip_suffix('%') {
            Some(percent) => percent.parse::<f64>().ok().map(|percent| percent / 100.0 * whole),
            None => text.parse::<f64>().ok(),
        };
        let alpha = parts.get(3).map_or(Some(1.0), |text| number(text, 1.0))?.clamp(0.0, 1.0);
        match function {
            "rgb" => {
                let of = |text: &str| number(text, 255.0).map(|value| value.clamp(0.0, 255.0));
                Some(Self { red: of(first)?, green: of(second)?, blue: of(third)?, alpha })
            }
            "hsl" => {
                let hue = first.trim_end_matches("deg").parse::<f64>().ok()?.rem_euclid(360.0);
                let (saturation, light) = (number(second, 1.0)?.clamp(0.0, 1.0), number(third, 1.0)?.clamp(0.0, 1.0));
                let spread = saturation * light.min(1.0 - light);
                let channel = |n: f64| {
                    let k = (n + hue / 30.0) % 12.0;
                    255.0 * (light - spread * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0))
                };
                Some(Self { red: channel(0.0), green: channel(8.0), blue: channel(4.0), alpha })
            }
            _ => None,
        }
    }

    fn hex(digits: &str) -> Option<Self> {
        let values: Vec<u32> = digits.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
        let pairs: Vec<u32> = match values.len() {
            3 | 4 => values.iter().map(|value| value * 17).collect(),
            6 | 8 => values.chunks(2).map(|pair| pair.iter().fold(0, |sum, value| sum * 16 + value)).collect(),
            _ => return None,
        };
        let of = |at: usize| pairs.get(at).map(|value| f64::from(*value));
        Some(Self { red: of(0)?, green: of(1)?, blue: of(2)?, alpha: of(3).map_or(1.0, |alpha| alpha / 255.0) })
    }

    /// What is seen where it lies on another.
    pub(super) fn over(self, behind: Self) -> Self {
        let mix = |front: f64, back: f64| front * self.alpha + back * (1.0 - self.alpha);
        Self {
            red: mix(self.red, behind.red),
            green: mix(self.green, behind.green),
            blue: mix(self.blue, behind.blue),
            alpha: 1.0,
        }
    }

    fn luminance(self) -> f64 {
        let linear = |value: f64| {
            let value = value / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

/// The contrast of a text on its background, from 1 to 21.
pub(super) fn contrast(text: Color, background: Color) -> f64 {
    let background = background.over(WHITE);
    let (a, b) = (text.over(background).luminance(), background.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_in_every_writing() {
        let red = Color { red: 255.0, green: 0.0, blue: 0.0, alpha: 1.0 };
        for text in [
            "#f00",
            "#FF0000",
            "#ff0000ff",
            "red",
            "rgb(255, 0, 0)",
            "rgb(100% 0% 0% / 1)",
            "hsl(0, 100%, 50%)",
            "hsl(360deg 100% 50%)",
        ] {
            assert_eq!(Color::read(text), Some(red), "{text}");
        }
        assert_eq!(Color::read("rgba(255,0,0,.5)").unwrap().alpha, 0.5);
        for text in ["#ff", "reddish", "rgb(1,2)", "var(--x)", "#ggg", ""] {
            assert_eq!(Color::read(text), None, "{text}");
        }
    }

    #[test]
    fn contrasts_are_those_of_wcag() {
        let of =
            |a: &str, b: &str| (contrast(Color::read(a).unwrap(), Color::read(b).unwrap()) * 100.0).round() / 100.0;
        assert_eq!(of("#000", "#fff"), 21.0);
        assert_eq!(of("#fff", "#fff"), 1.0);
        assert_eq!(of("#777", "#fff"), 4.48);
        assert_eq!(of("#767676", "#fff"), 4.54);
        assert_eq!(of("#0000ff", "#ffffff"), 8.59);
        assert_eq!(of("rgba(0,0,0,.5)", "#fff"), of("#7f7f7f", "#fff").min(of("rgba(0,0,0,.5)", "#fff")));
    }
}
