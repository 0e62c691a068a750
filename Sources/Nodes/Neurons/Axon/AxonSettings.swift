/// What a miner lets itself be asked, and how much at once.
package struct AxonSettings: Hashable, Sendable {
  /// Requests that are worked on at one time, and of one caller.
  package var concurrencyLimit = 64
  package var callerConcurrencyLimit = 16
  /// Bytes of a request's payload.
  package var payloadLimit = 4 << 20
  /// Whether only callers with a validator permit are answered.
  package var permitRequired = false
  /// The longest that one request is worked on, whatever deadline its caller gave.
  package var workLimit: Duration = .seconds(60)
  /// What a caller is told to wait when there is no place.
  package var busyRetry: Duration = .milliseconds(250)

  package init() {}
}
