extension DigitSkeleton {
  /// The common ways of writing each digit, 0 to 9.
  static let table: [[DigitSkeleton]] = [
    zero, one, two, three, four, five, six, seven, eight, nine,
  ]

  private static let zero: [DigitSkeleton] = [
    // Begun at the top, anticlockwise, closed.
    DigitSkeleton(
      0.6,
      [
        .at(0.54, 0.02), .at(0.2, 0.22), .at(0.16, 0.72), .at(0.5, 0.98), .at(0.84, 0.7),
        .at(0.8, 0.2), .at(0.48, 0.02),
      ]),
    // Begun at the upper right, with the end crossing over the start.
    DigitSkeleton(
      0.4,
      [
        .at(0.7, 0.08), .at(0.34, 0.08), .at(0.12, 0.5), .at(0.36, 0.95), .at(0.76, 0.8),
        .at(0.86, 0.32), .at(0.62, 0.04), .at(0.4, 0.1),
      ]),
  ]

  private static let one: [DigitSkeleton] = [
    DigitSkeleton(0.8, [.at(0.5, 0), .at(0.5, 0.5), .at(0.5, 1)]),
    // With an upstroke.
    DigitSkeleton(0.14, [.at(0.32, 0.2), .corner(0.52, 0), .at(0.51, 0.5), .at(0.5, 1)]),
    // With an upstroke and a base.
    DigitSkeleton(
      0.06, [.at(0.3, 0.22), .corner(0.52, 0), .at(0.52, 0.5), .at(0.52, 0.98)],
      [.at(0.2, 0.98), .at(0.82, 0.98)]),
  ]

  private static let two: [DigitSkeleton] = [
    // With a loop at the foot.
    DigitSkeleton(
      0.5,
      [
        .at(0.16, 0.2), .at(0.45, 0.02), .at(0.74, 0.2), .at(0.66, 0.52), .at(0.4, 0.82),
        .at(0.16, 0.97), .at(0.05, 0.88), .at(0.2, 0.78), .at(0.55, 0.92), .at(0.95, 0.9),
      ]),
    // With a corner at the foot.
    DigitSkeleton(
      0.5,
      [
        .at(0.14, 0.24), .at(0.44, 0.01), .at(0.76, 0.2), .at(0.62, 0.54), .corner(0.1, 0.95),
        .at(0.5, 0.95), .at(0.92, 0.93),
      ]),
  ]

  private static let three: [DigitSkeleton] = [
    DigitSkeleton(
      0.8,
      [
        .at(0.17, 0.13), .at(0.47, 0.01), .at(0.76, 0.17), .at(0.66, 0.38), .corner(0.36, 0.47),
        .at(0.7, 0.54), .at(0.83, 0.76), .at(0.55, 0.98), .at(0.12, 0.9),
      ]),
    // With a small loop at the waist.
    DigitSkeleton(
      0.12,
      [
        .at(0.17, 0.13), .at(0.5, 0.01), .at(0.76, 0.18), .at(0.62, 0.4), .at(0.38, 0.49),
        .at(0.36, 0.42), .at(0.66, 0.5), .at(0.84, 0.74), .at(0.52, 0.98), .at(0.1, 0.86),
      ]),
    // Flat above.
    DigitSkeleton(
      0.08,
      [
        .at(0.18, 0.04), .corner(0.78, 0.02), .corner(0.42, 0.4), .at(0.76, 0.52),
        .at(0.8, 0.8), .at(0.5, 0.98), .at(0.1, 0.88),
      ]),
  ]

  private static let four: [DigitSkeleton] = [
    // Open, angular.
    DigitSkeleton(
      0.55, [.at(0.2, 0.03), .at(0.14, 0.26), .corner(0.13, 0.5), .at(0.5, 0.52), .at(0.86, 0.48)],
      [.at(0.8, 0), .at(0.76, 0.45), .at(0.7, 1)]),
    // Open, in one round stroke and a stem.
    DigitSkeleton(
      0.2,
      [.at(0.16, 0.06), .at(0.12, 0.34), .at(0.3, 0.53), .at(0.58, 0.48), .corner(0.78, 0.24)],
      [.at(0.82, 0.02), .at(0.76, 0.5), .at(0.72, 1)]),
    // Closed.
    DigitSkeleton(
      0.25, [.at(0.68, 0.02), .at(0.4, 0.3), .corner(0.1, 0.62), .at(0.5, 0.63), .at(0.95, 0.6)],
      [.at(0.69, 0.02), .at(0.68, 0.5), .at(0.64, 1)]),
  ]

  private static let five: [DigitSkeleton] = [
    // Stem and belly, then the roof.
    DigitSkeleton(
      0.5,
      [
        .at(0.32, 0.05), .corner(0.24, 0.44), .at(0.56, 0.4), .at(0.78, 0.64), .at(0.56, 0.95),
        .at(0.1, 0.92),
      ], [.at(0.32, 0.05), .at(0.6, 0.05), .at(0.95, 0.01)]),
    // In one stroke from the roof.
    DigitSkeleton(
      0.35,
      [
        .at(0.9, 0.02), .corner(0.36, 0.04), .corner(0.26, 0.44), .at(0.58, 0.42),
        .at(0.76, 0.68), .at(0.5, 0.96), .at(0.08, 0.9),
      ]),
    // Rounded like an S.
    DigitSkeleton(
      0.15,
      [
        .at(0.88, 0.04), .at(0.46, 0.06), .at(0.28, 0.28), .at(0.5, 0.46), .at(0.72, 0.68),
        .at(0.46, 0.96), .at(0.1, 0.9),
      ]),
  ]

  private static let six: [DigitSkeleton] = [
    DigitSkeleton(
      0.6,
      [
        .at(0.66, 0.01), .at(0.36, 0.22), .at(0.16, 0.6), .at(0.26, 0.92), .at(0.54, 0.97),
        .at(0.76, 0.76), .at(0.58, 0.56), .at(0.28, 0.7), .at(0.2, 0.86),
      ]),
    // Upright, with a straight back.
    DigitSkeleton(
      0.4,
      [
        .at(0.4, 0), .at(0.22, 0.34), .at(0.16, 0.7), .at(0.34, 0.97), .at(0.66, 0.92),
        .at(0.76, 0.68), .at(0.52, 0.54), .at(0.2, 0.74),
      ]),
  ]

  private static let seven: [DigitSkeleton] = [
    DigitSkeleton(
      0.6,
      [
        .at(0.1, 0.1), .at(0.45, 0.06), .corner(0.85, 0.05), .at(0.66, 0.42), .at(0.48, 1),
      ]),
    // With a downstroke at the left.
    DigitSkeleton(
      0.22,
      [
        .at(0.12, 0.22), .corner(0.14, 0.05), .at(0.5, 0.06), .corner(0.88, 0.03),
        .at(0.66, 0.45), .at(0.52, 1),
      ]),
    // With a bar.
    DigitSkeleton(
      0.18,
      [.at(0.12, 0.08), .at(0.5, 0.05), .corner(0.86, 0.04), .at(0.64, 0.45), .at(0.44, 1)],
      [.at(0.34, 0.52), .at(0.86, 0.48)]),
  ]

  private static let eight: [DigitSkeleton] = [
    // In one stroke from the upper right.
    DigitSkeleton(
      0.75,
      [
        .at(0.78, 0.14), .at(0.52, 0.01), .at(0.24, 0.16), .at(0.4, 0.4), .at(0.66, 0.6),
        .at(0.74, 0.84), .at(0.46, 0.99), .at(0.22, 0.82), .at(0.4, 0.56), .at(0.66, 0.36),
        .at(0.78, 0.12),
      ]),
    // A loop above a loop.
    DigitSkeleton(
      0.25,
      [
        .at(0.54, 0.45), .at(0.28, 0.32), .at(0.34, 0.06), .at(0.64, 0.04), .at(0.74, 0.28),
        .at(0.5, 0.46), .at(0.24, 0.68), .at(0.34, 0.96), .at(0.68, 0.92), .at(0.74, 0.64),
        .at(0.48, 0.46),
      ]),
  ]

  private static let nine: [DigitSkeleton] = [
    // With a straight stem.
    DigitSkeleton(
      0.65,
      [
        .at(0.74, 0.14), .at(0.46, 0.03), .at(0.2, 0.26), .at(0.36, 0.46), .at(0.66, 0.34),
        .corner(0.76, 0.12), .at(0.74, 0.55), .at(0.66, 1),
      ]),
    // With a curved tail.
    DigitSkeleton(
      0.35,
      [
        .at(0.74, 0.16), .at(0.46, 0.02), .at(0.2, 0.24), .at(0.36, 0.47), .at(0.66, 0.34),
        .corner(0.76, 0.14), .at(0.76, 0.58), .at(0.6, 0.9), .at(0.24, 0.96),
      ]),
  ]
}
