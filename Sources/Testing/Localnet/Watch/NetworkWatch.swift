package import Neurons
package import Primitives
import Wire

/// Follows a chain block by block, across its restarts, and keeps the record of what happened.
package struct NetworkWatch: Sendable {
  /// Blocks that one answer brings.
  private static let headLimit = 64
  /// How long the chain may be away before the watch gives up.
  private static let absenceLimit: Duration = .seconds(60)
  /// Between two questions to a chain that is away.
  private static let retryPause: Duration = .milliseconds(50)

  let client: ChainClient
  let state: Watched<NetworkState>
  let time: NodeTime
  let opinions: @Sendable (NodeName) -> [Hotkey: MinerOpinion]

  /// - Parameters:
  ///   - time: Runs since the command began.
  ///   - opinions: What a validator last said of its miners.
  package init(
    client: ChainClient, state: Watched<NetworkState>, time: NodeTime,
    opinions: @escaping @Sendable (NodeName) -> [Hotkey: MinerOpinion]
  ) {
    self.client = client
    self.state = state
    self.time = time
    self.opinions = opinions
  }

  /// Takes in every block after the record's height; ends by cancellation, or when the chain is away for too long.
  package func run() async throws {
    while !Task.isCancelled {
      let height = state.state.record.height
      let heads = try await patiently { () async throws(ChainClientError) in
        try await client.heads(after: height, limit: NetworkWatch.headLimit)
      }
      for head in heads where head.number > state.state.record.height { try await take(head) }
      readOpinions()
    }
  }

  /// Asks for all that a block tells of, then takes it in at once: whoever looks sees whole blocks.
  private func take(_ head: BlockHead) async throws {
    let events = try await events(of: head)
    guard head.number > state.state.startHeight else {
      // What an earlier run did is no part of this one, but its accounts are.
      return state.update { $0.record.pass(head.number, events: events) }
    }
    let record = state.state.record
    let indices = record.epochs(in: events)
    var epochs: [EpochSummary] = []
    for index in indices {
      let epoch = try await whileKept { try await self.epoch(index, at: head.number) }
      if let epoch { epochs.append(epoch) }
    }
    let hasNewNeurons = events.contains {
      $0.group("neuron_registered") != nil || $0.group("axon_served") != nil
    }
    let isOutdated = hasNewNeurons || !indices.isEmpty || record.metagraph == nil
    let metagraph = isOutdated ? try await whileKept { try await self.metagraph(at: head.number) } : nil
    let elapsed = time.elapsed
    let missed = indices.count - epochs.count
    state.update { [epochs] state in
      state.record.take(head.number, stateRoot: head.header?.stateRoot ?? .zero, events: events, elapsed: elapsed)
      for epoch in epochs { state.record.settle(epoch, elapsed: elapsed) }
      state.record.miss(epochs: missed)
      if isOutdated { state.record.show(metagraph ?? nil) }
    }
  }

  /// Those that came with the announcement, or, where they were too many, those asked for page by page.
  private func events(of head: BlockHead) async throws -> [Fields] {
    guard head.events.count < Int(head.eventCount) else { return head.events }
    var events: [Fields] = []
    var cursor: [UInt8] = []
    repeat {
      let arguments: Fields = ["block": .unsigned(head.number.value), "cursor": .bytes(cursor)]
      let answer = try await patiently { () async throws(ChainClientError) in
        try await client.ask("events", arguments)
      }
      guard let page = answer.fields else { break }
      for bytes in try page.byteStrings("events") { events.append(try WireCodec.decode(bytes, as: .event)) }
      cursor = try page.bytes("next_cursor")
    } while !cursor.isEmpty
    return events
  }

  /// What an epoch paid, as the chain's own table has it.
  private func epoch(_ index: UInt64, at block: BlockNumber) async throws -> EpochSummary {
    let netuid = state.state.record.netuid
    let reader = BlockReader(client: client, block: block)
    let rows = try await patiently { () async throws(ChainClientError) in
      try await reader.rows("payments", of: "epoch_payments", ["netuid": .unsigned(UInt64(netuid.value))])
    }
    return EpochSummary(index: index, block: block, rows: try rows.map { try .init($0) })
  }

  /// The neurons after a block; nil before the subnet exists.
  private func metagraph(at block: BlockNumber) async throws -> MetagraphView? {
    let netuid = state.state.record.netuid
    return try await patiently { () async throws(ChainClientError) in
      try await client.metagraph(of: netuid, at: block)
    }
  }

  /// What a block's state tells, or nil when the chain keeps that state no more: who was stopped for minutes comes late.
  private func whileKept<Answer: Sendable>(_ ask: () async throws -> Answer) async throws -> Answer? {
    do {
      return try await ask()
    } catch let error as ChainClientError where error.isForgotten {
      return nil
    }
  }

  private func readOpinions() {
    let validators = state.state.nodes.keys.filter { $0.role == .validator }
    let opinions = validators.map { ($0, self.opinions($0)) }
    state.update { state in
      for (name, opinions) in opinions { state.nodes[name]?.opinions = opinions }
    }
  }

  /// Asks again while the chain is away.
  private func patiently<Answer: Sendable>(
    _ ask: () async throws(ChainClientError) -> Answer
  ) async throws -> Answer {
    var end = time.elapsed + NetworkWatch.absenceLimit
    while true {
      do throws(ChainClientError) {
        return try await ask()
      } catch {
        if case .cancelled = error { throw CancellationError() }
        // A chain that was sent away comes back when whoever did it likes.
        if state.state.nodes[.chain]?.isAwayOnPurpose == true {
          end = time.elapsed + NetworkWatch.absenceLimit
        }
        guard error.isRetriable, time.elapsed < end else { throw error }
        try await time.sleep(for: NetworkWatch.retryPause)
      }
    }
  }
}

extension EpochSummary.Row {
  /// Reads a row of `epoch_payments`.
  fileprivate init(_ fields: Fields) throws(WireError) {
    // What is withheld from the owner's own hotkeys was divided, but nobody got it.
    let isWithheld = try fields.flag("withheld")
    self.init(
      uid: UID(try fields.number("uid", as: UInt16.self)), hotkey: Hotkey(try fields.account("hotkey")),
      incentive: try fields.number("incentive", as: UInt16.self),
      dividends: try fields.number("dividends", as: UInt16.self),
      minerEmission: isWithheld ? 0 : try fields.number("incentive_paid"),
      dividendEmission: try fields.number("dividends_paid"))
  }
}
