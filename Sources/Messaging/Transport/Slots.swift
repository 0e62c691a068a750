/// A fixed number of places for work under way; who finds none is told so instead of waiting.
package final class Slots: Sendable {
  package let limit: Int
  private let taken = Guarded(0)

  package init(limit: Int) { self.limit = limit }

  /// Takes a place, or throws `.busy`.
  package func take() throws(TransportError) {
    let isFree = taken.withLock { taken in
      guard taken < limit else { return false }
      taken += 1
      return true
    }
    guard isFree else { throw .busy(limit: limit) }
  }

  /// Gives a taken place back.
  package func release() {
    taken.withLock { taken in
      precondition(taken > 0, "a place was given back that nobody had taken")
      taken -= 1
    }
  }
}
