/// Lets one at a time work on something, in the order of asking.
actor Turns {
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func give() {
    // The turn goes straight to the next one, so that nobody comes in between.
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }
}

extension LocalNetwork {
  /// Runs something that stops or starts nodes, when everything else of that kind is done.
  func inTurn<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
    await turns.take()
    do {
      let result = try await body()
      await turns.give()
      return result
    } catch {
      await turns.give()
      throw error
    }
  }
}
