/// What a pulse or ramp is to do.
package enum SwitchingPolarity: Sendable {
  case set
  case reset
}
