package import Keys
import Ledger
package import Primitives
import Wire

// Moving a local network's blocks by hand; the client must sign with the genesis's sudo key.
extension ChainClient {
  /// Blocks that are asked for at a time, so that an answer does not take long.
  private static let blocksAtATime: UInt64 = 1000
  private static let controlDeadline: Duration = .seconds(60)

  /// Makes so many blocks at once.
  ///
  /// - Precondition: `count > 0`.
  package func advance(by count: UInt64) async throws(ChainClientError) -> ControlledHead {
    precondition(count > 0, "an advance makes blocks")
    var left = count
    while true {
      let batch = min(left, ChainClient.blocksAtATime)
      let head = try await control("advance", ["blocks": .unsigned(batch)])
      left -= batch
      if left == 0 { return head }
    }
  }

  /// Goes ahead to a block by making blocks, or back to one whose state is kept.
  package func goTo(_ target: BlockNumber) async throws(ChainClientError) -> ControlledHead {
    let head = try await head().number
    if target > head { return try await advance(by: target.value - head.value) }
    return try await control("go_to", ["block": .unsigned(target.value)])
  }

  /// Goes to the block in which a subnet's next epoch runs.
  package func goToNextEpoch(of netuid: NetUID) async throws(ChainClientError) -> ControlledHead {
    guard let block = try await epochSchedule(of: netuid)?.nextEpochBlock else {
      return try await control("go_to", ["netuid": .unsigned(UInt64(netuid.value)), "has_netuid": .flag(true)])
    }
    return try await goTo(block)
  }

  /// Notes the present under a name, until the node ends.
  package func keepPoint(named name: String) async throws(ChainClientError) -> ControlledHead {
    try await control("keep_point", ["name": .bytes(Array(name.utf8))])
  }

  /// Goes back to a noted point; all later blocks are gone.
  package func returnToPoint(named name: String) async throws(ChainClientError) -> ControlledHead {
    try await control("return_to_point", ["name": .bytes(Array(name.utf8))])
  }

  /// Gives an account a free balance in the next block, which is made at once.
  package func setBalance(
    of account: AccountID, to amount: Rao, signedBy sudo: KeyPair
  ) async throws(ChainClientError) -> (head: ControlledHead, inclusion: Inclusion?) {
    let inner: [UInt8]
    do throws(WireError) {
      inner = try WireCodec.encode(SetBalance(account: account, amount: amount).message, as: .call)
    } catch {
      throw .unencodable(query: "submit", error)
    }
    let id = try await submit(Sudo(call: inner), signedBy: sudo)
    let head = try await advance(by: 1)
    return (head, try await receipt(of: id))
  }

  private func control(_ query: String, _ arguments: Fields) async throws(ChainClientError) -> ControlledHead {
    try await ask(
      query, arguments, deadline: ChainClient.controlDeadline, attempt: ChainClient.controlDeadline
    ).read { (fields) throws(WireError) in
      ControlledHead(
        number: BlockNumber(try fields.number("number")), hash: try fields.hash("hash"),
        stateRoot: try fields.hash("state_root"))
    }
  }
}

/// The newest block after it was moved by hand.
package struct ControlledHead: Hashable, Sendable {
  package let number: BlockNumber
  package let hash: Hash256
  package let stateRoot: Hash256
}
