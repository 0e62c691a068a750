import CSodium

/// libsodium, started once for the whole process.
enum Sodium {
  /// Must be called before any other call of the library; free after the first time and safe from every thread.
  @inline(__always)
  static func start() { _ = started }

  private static let started: Void = {
    // Below zero only when the system gives no randomness: nothing in this room could then keep its promise.
    precondition(sodium_init() >= 0, "libsodium could not start: the system gives no randomness")
  }()
}
