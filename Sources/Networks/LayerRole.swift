/// Which of the two networks.
package enum NetworkRole: String, Sendable, CaseIterable {
  case generator
  case discriminator
}

/// Where a layer stands: its network and its place in it.
package struct LayerRole: Hashable, Sendable, CustomStringConvertible {
  package let network: NetworkRole
  /// From the input on, pools counted.
  package let index: Int

  package init(_ network: NetworkRole, _ index: Int) {
    self.network = network
    self.index = index
  }

  /// `generator.0`: the name of its arrays in checkpoints.
  package var description: String { "\(network.rawValue).\(index)" }
}
