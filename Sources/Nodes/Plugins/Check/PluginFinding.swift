/// What one check of a plugin program came to.
package struct PluginFinding: Hashable, Sendable {
  /// What should be so, as a sentence without its full stop.
  package let name: String
  package let outcome: Outcome

  package enum Outcome: Hashable, Sendable {
    /// It is so; the text says more, or is empty.
    case passed(String)
    /// It is not so, and what to change.
    case failed(String, advice: String)
    /// It could not be tried, since another check failed.
    case skipped
  }

  package var isFailure: Bool {
    if case .failed = outcome { true } else { false }
  }
}

/// How long the calls of one kind took.
package struct CallTimes: Hashable, Sendable {
  /// In the order of the calls.
  private var times: [Duration] = []

  package init() {}

  package mutating func add(_ time: Duration) { times.append(time) }

  package var count: Int { times.count }
  /// The upper one of the two in the middle; zero without calls.
  package var median: Duration { times.isEmpty ? .zero : times.sorted()[times.count / 2] }
  package var longest: Duration { times.max() ?? .zero }
}

/// All that was found out about a plugin program.
package struct PluginVerdict: Sendable {
  package internal(set) var greeting: PluginGreeting?
  /// What the program states as a validator, and as a miner.
  package internal(set) var policies: [PluginPolicy] = []
  package internal(set) var protections = ""
  package internal(set) var missingProtections = ""
  package internal(set) var findings: [PluginFinding] = []
  package internal(set) var task = CallTimes()
  package internal(set) var forward = CallTimes()
  package internal(set) var score = CallTimes()

  package var isPassed: Bool { !findings.contains { $0.outcome == .skipped || $0.isFailure } }
}

extension PluginVerdict {
  /// What the program's policy changes; empty for one that keeps every default, nil when it never became ready.
  ///
  /// What it states in only one of the roles is among it.
  package var policyWords: [String]? {
    guard !policies.isEmpty else { return nil }
    var words: [String] = []
    for word in policies.flatMap(\.words) where !words.contains(word) { words.append(word) }
    return words
  }
}
