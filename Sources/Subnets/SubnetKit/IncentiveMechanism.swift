/// What a subnet is about: the tasks its validators set, the work its miners do, and what an answer is worth.
///
/// An author writes one type with three functions. A validator calls `task`, sends the request to miners and calls
/// `score` on their answers, all of a round at once; a miner calls `forward`. Signing, sending, deadlines, moving
/// averages and weights are done around it. Both roles may be asked several things at once, so a mechanism is `Sendable`: mostly a struct
/// that is filled in `init` and never changed after.
///
/// `Request` and `Response` travel between machines as `MessageCoder` writes them; any `Codable` value will do.
/// They come from strangers: `forward` and `score` must not trap on any value of those types.
public protocol IncentiveMechanism: Sendable {
  /// What a validator sends.
  associatedtype Request: Codable & Sendable
  /// What a miner answers.
  associatedtype Response: Codable & Sendable
  /// What the validator keeps to itself about a task, such as the right answer. ``Nothing`` unless given.
  ///
  /// It is saved with a task whose truth comes later, so it is `Codable` too.
  associatedtype Expected: Codable & Sendable = Nothing

  /// What a validator's side of the mechanism remembers by itself, beside the averages. ``Nothing`` unless given.
  associatedtype Memory: Codable & Sendable = Nothing

  /// The name of the synapse on the wire and of the mechanism on the command line: 1 to 64 of `a-z 0-9 _ -`.
  static var name: String { get }
  /// Raise this when `Request` or `Response` change so that old peers could not read them. 1 unless given.
  static var version: UInt32 { get }
  /// One line for `--help`. Empty unless given.
  static var summary: String { get }
  /// What can be set with `--option name=value`. Nothing unless given.
  static var options: OptionTable { get }

  /// Reads the options and prepares for `setup.role`: a miner loads its model here, a validator its data.
  init(_ setup: MechanismSetup) async throws

  /// Sets a task; runs on validators.
  ///
  /// Draw every choice from `random`: the same seed then gives the same run.
  func task(_ round: Round, random: inout SeededRandom) async throws -> Challenge<Request, Expected>

  /// Does the work that a validator asks for; runs on miners.
  func forward(_ request: Request, _ context: ForwardContext) async throws -> Response

  /// Says what the answers of one round are worth; runs on validators.
  ///
  /// Miners that gave no answer are not among them: they are worth zero without being asked about. An answer that makes
  /// no sense deserves `.zero(because:)`, not an error.
  ///
  /// - Parameter answers: At least one, in the order of uids.
  /// - Returns: One score an answer, in the same order.
  func score(
    _ answers: [Answer<Response>], for challenge: Challenge<Request, Expected>, _ context: ScoreContext
  ) async throws -> [Score]

  /// What happens around these functions: sampling, admission, priority, averages, weights, retry. ``MechanismPolicy/standard``
  /// unless given.
  var policy: MechanismPolicy { get }

  /// What to remember; called on validators after each round that was scored, and saved in one piece with its scores.
  ///
  /// So memory and scores are always of the same round, whenever the validator ends. Needed only where `Memory` is
  /// given, as is `restore`.
  func checkpoint() async throws -> Memory

  /// Takes back what `checkpoint` gave last; called on validators once, before anything else, where there is a memory.
  ///
  /// A memory that does not decode stops the validator, so that nothing is forgotten in silence: give new properties of
  /// `Memory` a default by making them optional.
  func restore(_ memory: Memory) async throws
}

extension IncentiveMechanism {
  public static var version: UInt32 { 1 }
  public static var summary: String { "" }
  public static var options: OptionTable { OptionTable() }
  public var policy: MechanismPolicy { .standard }

  /// The setup for this mechanism's options, as `--option name=value` gives them.
  public static func setup(
    _ role: MechanismRole, _ arguments: [String] = []
  ) throws(MechanismError) -> MechanismSetup {
    try MechanismSetup(role, options: options, arguments: arguments)
  }
}

extension IncentiveMechanism where Memory == Nothing {
  public func checkpoint() -> Nothing { Nothing() }
  public func restore(_ memory: Nothing) {}
}
