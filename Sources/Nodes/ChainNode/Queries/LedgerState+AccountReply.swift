package import Ledger
package import Primitives

extension LedgerState {
  /// Answers a query about this state.
  ///
  /// - Parameters:
  ///   - name: The member of `query` in `QueryRequest`.
  ///   - arguments: Its decoded message.
  /// - Returns: The fields of the member of `reply` with the same name; nil when it is not a query about the state.
  package func reply(
    to name: String, _ arguments: Fields, with host: HostFunctions
  ) throws(LedgerError) -> Fields? {
    guard name == "account" else { return nil }
    guard let account = AccountID(arguments.byteString("account")) else { throw .malformed.with("field", "account") }
    let record = self.account(account)
    return ["nonce": .unsigned(record.nonce), "free": .unsigned(record.free), "reserved": .unsigned(record.held)]
  }
}
