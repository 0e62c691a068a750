import Ledger
package import Primitives
import Wire

extension ChainClient {
  /// Balance and nonces of an account.
  package func account(_ account: AccountID, deadline: Duration? = nil) async throws(ChainClientError) -> AccountView {
    let answer = try await ask("account", ["account": .bytes(account.bytes)], deadline: deadline)
    return try answer.read { (fields) throws(WireError) in try AccountView(fields, at: answer.block) }
  }

  /// A subnet's neurons and parameters; nil when there is no such subnet.
  package func metagraph(
    of netuid: NetUID, mechid: MechID = .main, at block: BlockNumber? = nil
  ) async throws(ChainClientError) -> MetagraphView? {
    let answer = try await askForSubnet(
      "metagraph", ["netuid": .unsigned(UInt64(netuid.value)), "mechid": .unsigned(UInt64(mechid.value))], at: block)
    return try answer?.readIfPresent { (fields) throws(WireError) in try MetagraphView(fields) }
  }

  /// When a subnet's epochs are due; nil when there is no such subnet.
  package func epochSchedule(of netuid: NetUID) async throws(ChainClientError) -> EpochScheduleView? {
    let answer = try await askForSubnet("next_epoch", ["netuid": .unsigned(UInt64(netuid.value))])
    return try answer?.readIfPresent { (fields) throws(WireError) in try EpochScheduleView(fields) }
  }

  /// A neuron with its weights and bonds, as the message `Neuron` has them; nil when the slot is free.
  package func neuron(_ uid: UID, on netuid: NetUID) async throws(ChainClientError) -> Fields? {
    try await askForSubnet(
      "neuron", ["netuid": .unsigned(UInt64(netuid.value)), "uid": .unsigned(UInt64(uid.value))])?.fields
  }

  /// The slot of a hotkey; nil when it has none on that subnet.
  package func uid(of hotkey: Hotkey, on netuid: NetUID) async throws(ChainClientError) -> UID? {
    let answer = try await askForSubnet(
      "uid_of", ["netuid": .unsigned(UInt64(netuid.value)), "hotkey": .bytes(hotkey.bytes)])
    return try answer?.readIfPresent { (fields) throws(WireError) in
      try fields.flag("has_uid") ? UID(try fields.number("uid", as: UInt16.self)) : nil
    } ?? nil
  }

  /// What registering on a subnet costs now.
  package func registrationCost(on netuid: NetUID) async throws(ChainClientError) -> Rao {
    try await ask("registration_cost", ["netuid": .unsigned(UInt64(netuid.value))])
      .read { (fields) throws(WireError) in Rao(try fields.number("amount")) }
  }

  /// What creating a subnet costs now.
  package func subnetCreationCost() async throws(ChainClientError) -> Rao {
    try await ask("subnet_creation_cost").read { (fields) throws(WireError) in Rao(try fields.number("amount")) }
  }

  /// The promises of weights of a hotkey that wait for their reveal, oldest first.
  package func weightCommits(
    of hotkey: Hotkey, on netuid: NetUID, mechid: MechID = .main
  ) async throws(ChainClientError) -> [WeightCommitView] {
    let answer = try await ask(
      "weight_commits",
      [
        "netuid": .unsigned(UInt64(netuid.value)), "hotkey": .bytes(hotkey.bytes),
        "mechid": .unsigned(UInt64(mechid.value)),
      ])
    return try answer.readIfPresent { (fields) throws(WireError) in
      var commits: [WeightCommitView] = []
      for commit in try fields.groups("commits") { commits.append(try WeightCommitView(commit)) }
      return commits
    } ?? []
  }

  /// The block that is the newest now.
  package func head(deadline: Duration? = nil) async throws(ChainClientError) -> BlockHead {
    try await ask("chain_head", deadline: deadline).read { (fields) throws(WireError) in
      try BlockHead(chainHead: fields)
    }
  }

  /// The blocks after one, oldest first; waits for the next when there is none yet, and is empty when none came.
  ///
  /// - Parameter limit: The most blocks to return.
  package func heads(
    after block: BlockNumber, limit: Int = 16, wait: Duration? = nil
  ) async throws(ChainClientError) -> [BlockHead] {
    let wait = wait ?? settings.headWait
    let answer = try await ask(
      "heads_after",
      [
        "block": .unsigned(block.value), "limit": .unsigned(UInt64(clamping: limit)),
        "wait_ms": .unsigned(UInt64(clamping: Int64(wait / .milliseconds(1)))),
      ], deadline: wait + settings.queryDeadline, attempt: wait + settings.headMargin)
    return try answer.readIfPresent { (fields) throws(WireError) in
      var heads: [BlockHead] = []
      for announcement in try fields.byteStrings("announcements") {
        heads.append(try BlockHead(announcement: announcement))
      }
      return heads
    } ?? []
  }

  /// Where an extrinsic ended; nil when it is in no block that the chain remembers.
  package func receipt(
    of extrinsic: Hash256, deadline: Duration? = nil
  ) async throws(ChainClientError) -> Inclusion? {
    do throws(ChainClientError) {
      return try await ask("receipt", ["extrinsic_id": .bytes(extrinsic.bytes)], deadline: deadline)
        .readIfPresent { (fields) throws(WireError) in try Inclusion(fields) } ?? nil
    } catch {
      guard case .refused(_, let refusal) = error, refusal.code == nil || refusal.code == .notFound else { throw error }
      return nil
    }
  }

  /// The same question, with nil where the chain says that there is no such subnet.
  private func askForSubnet(
    _ query: String, _ arguments: Fields, at block: BlockNumber? = nil
  ) async throws(ChainClientError) -> ChainAnswer? {
    do throws(ChainClientError) {
      return try await ask(query, arguments, at: block)
    } catch {
      switch error.ledgerCode {
      case .subnetNotExists, .mechanismDoesNotExist, .notFound: return nil
      default: throw error
      }
    }
  }
}
