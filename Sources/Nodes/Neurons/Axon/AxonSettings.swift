package import SubnetKit

/// What a miner lets itself be asked, and how much at once.
package struct AxonSettings: Sendable {
  /// Requests that are worked on at one time, and of one caller, waiting ones included.
  package var concurrencyLimit = 64
  package var callerConcurrencyLimit = 16
  /// Requests that wait for a place; beyond it the lowest rank is told to come back.
  package var queueLimit = 128
  /// Bytes of a request's payload.
  package var payloadLimit = 4 << 20
  /// Whom this operator answers, on top of what the mechanism says.
  package var admission = Admission()
  /// The longest that one request is worked on, whatever deadline its caller gave.
  package var workLimit: Duration = .seconds(60)
  /// What a caller is told to wait when there is no place.
  package var busyRetry: Duration = .milliseconds(250)

  /// Requests read beyond those that are worked on or wait, so that they can be verified, ranked and refused by name.
  static let refusalRoom = 64

  package init() {}
}
