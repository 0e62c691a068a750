import Keys
import Ledger
package import Neurons
import Primitives
import Wire

/// What makes a subnet with its neurons out of a chain at genesis: the transactions of root, owner and payers.
///
/// Whatever is there already is left as it is, so that a network comes back from its folder.
package struct NetworkFounding: Sendable {
  let plan: LocalnetPlan
  let client: ChainClient

  package init(_ plan: LocalnetPlan, on client: ChainClient) {
    self.plan = plan
    self.client = client
  }

  /// Creates what is missing, in three rounds of blocks.
  ///
  /// - Throws: `LocalnetError.founding` with the step and the chain's reason.
  package func run() async throws {
    let before = try await step("tell of its subnets") { () async throws(ChainClientError) in
      try await client.metagraph(of: plan.netuid)
    }
    if before == nil {
      try await setLockCost()
      try await createSubnet()
    }
    try await registerNeurons(known: Set(before?.neurons.map(\.hotkey) ?? []))
  }

  /// The profile's 1 TAO in the pool would make every stake a jump of the price (economy 16).
  private func setLockCost() async throws {
    let name = "min_lock_cost"
    let call = SetGlobalParameter(name: name, value: .u64(LocalnetPlan.lockCost.value))
    let inclusion = try await step("take the sudo key's word") { () async throws(ChainClientError) in
      try await client.submitAndWait(Sudo(call: try encoded(call)), signedBy: LocalnetPlan.sudo)
    }
    // Sudo itself always succeeds; how the inner call ended stands in its event.
    guard case .unsigned(0)? = inclusion.event("sudid")?["result"] else {
      throw LocalnetError.founding(step: "set \(name)", reason: "the inner call was refused")
    }
  }

  private func createSubnet() async throws {
    let calls: [any LedgerCall] = [
      RegisterSubnet(hotkey: Hotkey(LocalnetPlan.ownerHotkey.account)),
      SetTempo(netuid: plan.netuid, tempo: plan.tempo),
    ]
    try await submit(calls, by: .owner, to: "create the subnet")
  }

  /// Registers and stakes for the neurons that have no uid; one transaction for each payer.
  private func registerNeurons(known: Set<Hotkey>) async throws {
    let missing = plan.neurons.filter { !known.contains($0.hotkey) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for payer in [DevelopmentAccount.validator, .miner] {
        let neurons = missing.filter { $0.account == payer }
        guard !neurons.isEmpty else { continue }
        group.addTask {
          try await submit(calls(for: neurons), by: payer, to: "register the \(payer.rawValue)s")
        }
      }
      try await group.waitForAll()
    }
  }

  private func calls(for neurons: [PlannedNeuron]) -> [any LedgerCall] {
    let registrations = neurons.map { RegisterNeuron(netuid: plan.netuid, hotkey: $0.hotkey) }
    let stakes = neurons.filter { $0.stake > .zero }.map {
      AddStake(hotkey: $0.hotkey, netuid: plan.netuid, amount: $0.stake)
    }
    return registrations + stakes
  }

  private func submit(_ calls: [any LedgerCall], by payer: DevelopmentAccount, to purpose: String) async throws {
    _ = try await step(purpose) { () async throws(ChainClientError) in
      var inner: [[UInt8]] = []
      for call in calls { inner.append(try encoded(call)) }
      return try await client.submitAndWait(BatchAll(calls: inner), signedBy: payer.keyPair)
    }
  }

  private func encoded(_ call: any LedgerCall) throws(ChainClientError) -> [UInt8] {
    do throws(WireError) {
      return try WireCodec.encode(call.message, as: .call)
    } catch {
      throw .unencodable(query: type(of: call).descriptor.name, error)
    }
  }

  private func step<Result>(
    _ purpose: String, _ work: () async throws(ChainClientError) -> Result
  ) async throws -> Result {
    do throws(ChainClientError) {
      return try await work()
    } catch {
      if case .cancelled = error { throw CancellationError() }
      throw LocalnetError.founding(step: purpose, reason: error.description)
    }
  }
}
