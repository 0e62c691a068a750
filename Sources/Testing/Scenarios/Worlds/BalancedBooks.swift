package import Localnet
package import Neurons
import Primitives

/// Reads a chain's accounts until they tell of one moment with the record of events, and sums them.
///
/// - Parameter state: What was seen of the chain, kept up to date by somebody else.
package func readBalancedBooks(
  of plan: LocalnetPlan, from client: ChainClient, in state: Watched<NetworkState>, by time: NodeTime
) async throws -> (isBalanced: Bool, words: String) {
  let attemptLimit = 5
  let patience: Duration = .seconds(20)
  var words = ""
  for _ in 1...attemptLimit {
    let known = state.state.record.accounts
    let books = try await ChainBooks.read(of: plan.netuid, accounts: known, from: client)
    let isBalanced = books.supply.sum == books.issuance.value
    words = "issuance \(books.issuance) TAO, accounts \(Rao(books.supply.sum)) TAO, at block \(books.height)"
    if isBalanced { return (true, words) }
    // An account that joined in a block that nobody has looked at yet is no missing money.
    let seen = try await state.first(within: patience, by: time) { $0.record.height >= books.height ? $0 : nil }
    guard let seen, seen.record.accounts != known else { return (false, words) }
  }
  return (false, words)
}
