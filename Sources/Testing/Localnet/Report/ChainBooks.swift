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

  /// Reads everything at the chain's newest block.
  ///
  /// - Parameter seen: Accounts that events named; those of the local genesis are added.
  package static func read(
    of netuid: NetUID, accounts seen: Set<AccountID>, from client: ChainClient
  ) async throws -> ChainBooks {
    let status = try await client.status()
    let reader = BooksReader(client: client, block: status.height)
    let accounts = seen.union(DevelopmentAccount.allCases.map(\.account)).union([.burnAccount]).sorted()
    var balances: UInt64 = 0
    for account in accounts { balances += try await reader.balance(of: account) }
    let rootStake = try await reader.rootStake(of: accounts)
    var reserves: UInt64 = 0
    for netuid in try await reader.netuids() { reserves += try await reader.reserve(of: netuid) }
    guard let metagraph = try await client.metagraph(of: netuid, at: status.height) else {
      throw LocalnetError.founding(step: "keep subnet \(netuid)", reason: "it is gone at block \(status.height)")
    }
    return ChainBooks(
      height: status.height, stateRoot: status.stateRoot, issuance: status.issuance,
      supply: RunReport.Supply(balances: balances, rootStake: rootStake, poolReserves: reserves), metagraph: metagraph)
  }
}

/// Questions about one block.
private struct BooksReader {
  let client: ChainClient
  let block: BlockNumber

  private static let pageRows: UInt64 = 256

  /// Held deposits included.
  func balance(of account: AccountID) async throws -> UInt64 {
    let fields = try await answer("account", ["account": .bytes(account.bytes)])
    return try fields.number("free") + fields.number("reserved")
  }

  func reserve(of netuid: NetUID) async throws -> UInt64 {
    try await answer("metagraph", ["netuid": .unsigned(UInt64(netuid.value)), "fields": .unsignedList([14])])
      .number("tao_in")
  }

  /// Every subnet, root included.
  func netuids() async throws -> [NetUID] {
    try await pages("subnet_infos", [:], rows: "subnets").compactMap { row in
      UInt16(exactly: try row.number("netuid")).map { NetUID($0) }
    }
  }

  /// TAO that these coldkeys have on the root network.
  func rootStake(of coldkeys: [AccountID]) async throws -> UInt64 {
    var sum: UInt64 = 0
    for start in stride(from: 0, to: coldkeys.count, by: 64) {
      let part = coldkeys[start..<min(start + 64, coldkeys.count)].map(\.bytes)
      for stake in try await pages("stake_infos", ["coldkeys": .bytesList(part)], rows: "stakes")
      where try stake.number("netuid") == UInt64(NetUID.root.value) {
        sum += try stake.number("stake")
      }
    }
    return sum
  }

  private func pages(_ query: String, _ arguments: Fields, rows name: String) async throws -> [Fields] {
    var rows: [Fields] = []
    var cursor: [UInt8] = []
    repeat {
      var page = arguments
      page.append("cursor", .bytes(cursor))
      page.append("limit", .unsigned(BooksReader.pageRows))
      let fields = try await answer(query, page)
      rows += try fields.groups(name)
      cursor = try fields.bytes("next_cursor")
    } while !cursor.isEmpty
    return rows
  }

  private func answer(_ query: String, _ arguments: Fields) async throws -> Fields {
    let answer = try await client.ask(query, arguments, at: block)
    guard let fields = answer.fields else { throw ChainClientError.unreadable(query: query, .missing(field: query)) }
    return fields
  }
}
