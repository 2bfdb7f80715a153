/// One number, or several side by side that go through the same operations: the element in which
/// the iterative solver computes, with one lane per set of input potentials.
protocol Lanes {
  associatedtype Number: BinaryFloatingPoint
  /// The same lanes in double precision, in which potentials and residuals are kept.
  associatedtype Wide: Lanes where Wide.Number == Double, Wide.Wide == Wide

  static var laneCount: Int { get }
  static var zero: Self { get }
  init(repeating value: Number)
  init(narrowing wide: Wide)
  var wide: Wide { get }
  /// Lane l as a double, and back.
  func lane(_ index: Int) -> Double
  mutating func setLane(_ index: Int, _ value: Double)

  /// Σ a[i] · (b[i] − c[i]), summed in an order that depends on the count alone.
  static func dot(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, minus c: UnsafePointer<Self>?, count: Int
  ) -> Self

  /// The larger of a and |b|, lane by lane.
  static func larger(_ a: Self, magnitudeOf b: Self) -> Self

  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func += (a: inout Self, b: Self)
  static func -= (a: inout Self, b: Self)
}

extension Lanes {
  /// Σ a[i] · b[i], summed in an order that depends on the count alone.
  static func dot(_ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, count: Int) -> Self {
    dot(a, b, minus: nil, count: count)
  }

  /// a / b where b is positive, else zero: the step of a lane that has converged.
  static func ratio(_ a: Self, _ b: Self) -> Self {
    var result = Self.zero
    for lane in 0..<laneCount where b.lane(lane) > 0 {
      let quotient = a.lane(lane) / b.lane(lane)
      if quotient.isFinite { result.setLane(lane, quotient) }
    }
    return result
  }
}

extension Lanes where Self: SIMDScalar & BinaryFloatingPoint {
  @inline(__always)
  private static func product(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, _ c: UnsafePointer<Self>?, _ at: Int
  ) -> SIMD8<Self> {
    guard let c else { return eight(a + at) * eight(b + at) }
    return eight(a + at) * (eight(b + at) - eight(c + at))
  }

  @inline(__always)
  private static func eight(_ pointer: UnsafePointer<Self>) -> SIMD8<Self> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Self>.self)
  }

  static func dot(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, minus c: UnsafePointer<Self>?, count: Int
  ) -> Self {
    var sums = (SIMD8<Self>(repeating: 0), SIMD8<Self>(repeating: 0))
    var index = 0
    while index &+ 16 <= count {
      sums.0 += product(a, b, c, index)
      sums.1 += product(a, b, c, index &+ 8)
      index &+= 16
    }
    var total = (sums.0 + sums.1).sum()
    while index < count {
      total += a[index] * (c.map { b[index] - $0[index] } ?? b[index])
      index &+= 1
    }
    return total
  }
}

extension Lanes where Self: SIMD, Scalar: BinaryFloatingPoint {
  static func dot(
    _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, minus c: UnsafePointer<Self>?, count: Int
  ) -> Self {
    var sums = (Self.zero, Self.zero)
    for index in 0..<count {
      let y = c.map { b[index] - $0[index] } ?? b[index]
      if index & 1 == 0 { sums.0 += a[index] * y } else { sums.1 += a[index] * y }
    }
    return sums.0 + sums.1
  }
}

extension Double: Lanes {
  typealias Number = Double
  typealias Wide = Double
  static var laneCount: Int { 1 }
  init(repeating value: Double) { self = value }
  init(narrowing wide: Double) { self = wide }
  var wide: Double { self }
  func lane(_ index: Int) -> Double { self }
  mutating func setLane(_ index: Int, _ value: Double) { self = value }
  static func larger(_ a: Double, magnitudeOf b: Double) -> Double { max(a, abs(b)) }
}

extension SIMD8: Lanes where Scalar: BinaryFloatingPoint {
  typealias Number = Scalar
  typealias Wide = SIMD8<Double>
  static var laneCount: Int { 8 }
  @inline(__always)
  init(narrowing wide: SIMD8<Double>) { self.init(wide) }
  @inline(__always)
  var wide: SIMD8<Double> { SIMD8<Double>(self) }
  func lane(_ index: Int) -> Double { Double(self[index]) }
  mutating func setLane(_ index: Int, _ value: Double) { self[index] = Scalar(value) }
  @inline(__always)
  static func larger(_ a: Self, magnitudeOf b: Self) -> Self {
    let magnitude = b.replacing(with: Self.zero - b, where: b .< Self.zero)
    return a.replacing(with: magnitude, where: magnitude .> a)
  }
}
