import Daemon
import Keys
package import Neurons
package import Primitives
import Wire

/// A chain's accounts at one block: who has what, and whether it sums to the issuance.
package struct ChainBooks: Sendable {
  package let height: BlockNumber
  package let stateRoot: Hash256
  package let issuance: Rao
  package let supply: RunReport.Supply
  /// Of the network's subnet.
  package let metagraph: MetagraphView

  /// How often books are read that do not balance while the record of events is behind.
  private static let attemptLimit = 5
  /// How long the record may take to come up to the block of the books.
  private static let patience: Duration = .seconds(60)

  /// Whether the accounts have what was issued, and nothing else.
  package var isBalanced: Bool { supply.sum == issuance.value }

  /// Reads everything at the chain's newest block, again until the record of events has come as far.
  ///
  /// An account that joined in a block that nobody has looked at yet is no missing money.
  ///
  /// - Parameter state: What was seen of the chain, kept up to date by somebody else.
  package static func read(
    of netuid: NetUID, knowing state: Watched<NetworkState>, from client: ChainClient, by time: NodeTime
  ) async throws -> ChainBooks {
    var attempt = 1
    while true {
      let known = state.state.record.accounts
      do {
        let books = try await read(of: netuid, accounts: known, from: client)
        guard !books.isBalanced, attempt < attemptLimit else { return books }
        let seen = try await state.first(within: patience, by: time) { $0.record.height >= books.height ? $0 : nil }
        guard let seen, seen.record.accounts != known else { return books }
      } catch let error as ChainClientError where error.isForgotten && attempt < attemptLimit {
        // The chain went on so fast that it forgot the block half-way; the newest is as good.
      }
      attempt += 1
    }
  }

  /// Reads everything at the chain's newest block.
  ///
  /// - Parameter seen: Accounts that events named; those of the local genesis are added.
  package static func read(
    of netuid: NetUID, accounts seen: Set<AccountID>, from client: ChainClient
  ) async throws -> ChainBooks {
    let status = try await client.status()
    let reader = BlockReader(client: client, block: status.height)
    let accounts = seen.union(DevelopmentAccount.allCases.map(\.account)).union([.burnAccount]).sorted()
    var balances: UInt64 = 0
    for account in accounts { balances += try await reader.balance(of: account) }
    let rootStake = try await reader.reserve(of: .root)
    var reserves: UInt64 = 0
    for netuid in try await reader.netuids() where netuid != .root { reserves += try await reader.reserve(of: netuid) }
    guard let metagraph = try await client.metagraph(of: netuid, at: status.height) else {
      throw LocalnetError.founding(step: "keep subnet \(netuid)", reason: "it is gone at block \(status.height)")
    }
    return ChainBooks(
      height: status.height, stateRoot: status.stateRoot, issuance: status.issuance,
      supply: RunReport.Supply(balances: balances, rootStake: rootStake, poolReserves: reserves), metagraph: metagraph)
  }
}

extension BlockReader {
  /// Held deposits included.
  fileprivate func balance(of account: AccountID) async throws -> UInt64 {
    let fields = try await answer("account", ["account": .bytes(account.bytes)])
    return try fields.number("free") + fields.number("reserved")
  }

  /// TAO in a subnet's pool; on root, which has none, all that is staked there.
  fileprivate func reserve(of netuid: NetUID) async throws -> UInt64 {
    let arguments: Fields = [
      "netuid": .unsigned(UInt64(netuid.value)), "fields": .unsignedList([BlockReader.taoInIndex]),
    ]
    return try await answer("metagraph", arguments).number("tao_in")
  }

  /// Of the metagraph's fields, registry 16.
  private static let taoInIndex: UInt64 = 14

  /// Every subnet, root included.
  fileprivate func netuids() async throws -> [NetUID] {
    try await rows("subnets", of: "subnet_infos").map { NetUID(try $0.number("netuid", as: UInt16.self)) }
  }
}
