/// What a validator does when a miner gives no answer.
///
/// Every request has an id of its own, so a miner never takes a second one for a replay, and never answers one twice.
public struct Retry: Hashable, Sendable {
  let attempts: Int

  /// One more request, within the same deadline. The default.
  ///
  /// It leaves at once when the first has failed, and when half of the deadline has passed without an answer; then both
  /// stay open and the first verified answer counts. Latency counts from the first request. A miner's own refusal is its
  /// answer and is not asked again, except that of a busy one, after the pause that it asks for.
  public static let once = Retry(attempts: 2)
  /// No second request: for work so dear that a slow miner should not be asked to do it twice.
  public static let never = Retry(attempts: 1)

  /// Whether there may be a second request.
  public var isAllowed: Bool { attempts > 1 }
}
