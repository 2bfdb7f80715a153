package import Failures

extension NetworkDescription {
  /// Reads layers as a configuration spells them, the input's shape first.
  ///
  ///     100 · dense 128x7x7 · deconv 64 5x5 stride 2 · conv 64 5x5 padding 2 dropout 0.3 · pool 2
  ///
  /// - Throws: ``Failure`` of kind `badData` that names the element.
  package init(words elements: [String], at place: String) throws(Failure) {
    guard elements.count >= 2, let first = elements.first else {
      throw Failure(
        .badData, at: place, "\(elements.count) element(s) make no layer, expected two or more")
    }
    guard let shape = MapShape(first) else {
      throw Failure(
        .badData, at: "\(place)[0]", "\"\(first)\" is no shape",
        remedy: "expected units such as 100, or channels x rows x columns such as 1x28x28")
    }
    input = shape
    layers = []
    for (index, text) in elements.enumerated().dropFirst() {
      guard let layer = LayerDescription(text) else {
        throw Failure(
          .badData, at: "\(place)[\(index)]", "\"\(text)\" is no layer",
          remedy: "expected dense SHAPE, conv N KxK, deconv N KxK or pool K,"
            + " then stride S, padding P, dropout SHARE")
      }
      layers.append(layer)
    }
  }

  /// The elements that ``init(words:at:)`` reads.
  package var words: [String] { [input.description] + layers.map(\.description) }
}

extension MapShape {
  /// Elements of a map at most.
  static let mostUnits = 1 << 24

  /// `784` or `64x14x14`.
  package init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = parts.compactMap { $0 }
    guard numbers.count == parts.count, numbers.allSatisfy({ (1...65_536).contains($0) }),
      let units = Int.product(numbers), units <= Self.mostUnits
    else { return nil }
    switch numbers.count {
    case 1: self.init(units: numbers[0])
    case 3: self.init(channels: numbers[0], height: numbers[1], width: numbers[2])
    default: return nil
    }
  }
}

extension LayerDescription: CustomStringConvertible {
  /// As configurations spell it; what is usual is left out.
  package var description: String {
    let text =
      switch kind {
      case .dense(let shape): "dense \(shape)"
      case .convolution(let filters): "conv \(filters)"
      case .transposedConvolution(let filters): "deconv \(filters)"
      case .meanPool(let edge): "pool \(edge)"
      }
    return dropout.map { "\(text) dropout \($0)" } ?? text
  }

  /// Reads one layer; nil when the text is none.
  package init?(_ text: String) {
    var words = text.split(separator: " ").map(String.init)
    func argument(_ name: String) -> String?? {
      guard let index = words.firstIndex(of: name) else { return .some(nil) }
      guard index + 1 < words.count else { return nil }
      defer { words.removeSubrange(index...index + 1) }
      return .some(words[index + 1])
    }
    guard let dropout = argument("dropout"), let stride = argument("stride"),
      let padding = argument("padding"), let verb = words.first
    else { return nil }
    if let dropout {
      guard let probability = Double(dropout), probability >= 0, probability < 1 else { return nil }
      self.dropout = probability
    }
    let isKernelled = verb == "conv" || verb == "deconv"
    guard isKernelled || (stride == nil && padding == nil) else { return nil }
    switch (verb, words.count) {
    case ("dense", 2):
      guard let shape = MapShape(words[1]) else { return nil }
      kind = .dense(shape)
    case ("pool", 2):
      guard let edge = Int(words[1]), (1...65_536).contains(edge) else { return nil }
      kind = .meanPool(edge)
    case ("conv", 3), ("deconv", 3):
      guard
        let filters = Filters(
          count: words[1], kernel: words[2], stride: stride, padding: padding)
      else { return nil }
      kind = verb == "conv" ? .convolution(filters) : .transposedConvolution(filters)
    default: return nil
    }
  }
}

extension LayerDescription.Filters: CustomStringConvertible {
  /// `64 5x5 stride 2 padding 1`; a stride of one and a padding of half a kernel are left out.
  package var description: String {
    "\(count) \(kernel)x\(kernel)" + (stride == 1 ? "" : " stride \(stride)")
      + (padding == (kernel - 1) / 2 ? "" : " padding \(padding)")
  }

  fileprivate init?(count: String, kernel: String, stride: String?, padding: String?) {
    let edges = kernel.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard let count = Int(count), (1...65_536).contains(count), edges.count == 2,
      let edge = edges[0], edges[1] == edge, edge > 0, edge <= 64
    else { return nil }
    var numbers: [Int?] = []
    for text in [stride, padding] {
      guard let text else {
        numbers.append(nil)
        continue
      }
      // What does not fit its kernel is refused with the kernel; here, what no map has.
      guard let number = Int(text), (-65_536...65_536).contains(number) else { return nil }
      numbers.append(number)
    }
    self.init(count, kernel: edge, stride: numbers[0] ?? 1, padding: numbers[1])
  }
}
