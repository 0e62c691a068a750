import Synchronization

/// What a mechanism remembers between its calls: one value behind one lock, shared by the copies of the mechanism.
final class Locked<Value: Sendable>: Sendable {
  private let value: Mutex<Value>

  init(_ value: Value) { self.value = Mutex(value) }

  func withLock<Result: Sendable, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var outcome: Swift.Result<Result, Failure>?
    value.withLock { value in
      do throws(Failure) {
        outcome = .success(try body(&value))
      } catch {
        outcome = .failure(error)
      }
    }
    guard let outcome else { preconditionFailure("A lock runs its body.") }
    return try outcome.get()
  }
}
