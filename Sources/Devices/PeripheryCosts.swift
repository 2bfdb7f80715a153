/// What circuits beside an array take, in joules per operation; zero where nobody has said.
///
/// Time is not among them: converters work while lines settle, gates and counters while the pulses of
/// the word line before are given.
package struct PeripheryCosts: Equatable, Sendable {
  /// Driving one line with one signal for one read: a digital-to-analogue converter or a buffer.
  package var driver = 0.0
  /// Sensing one line in one read: an amplifier with its converter or neuron.
  package var sense = 0.0
  /// Deciding once whether a weight is pulsed: a random number and a comparison with its chance.
  package var gate = 0.0
  /// Adding a batch's slope to the counter of one weight, where slopes of several batches are summed.
  package var counter = 0.0

  /// Circuits that cost nothing.
  package init() {}
}
