import Primitives
import SubnetKit

// Scoring when one answer ends the process.
extension Plugin {
  /// Answers in a row that may each end the process before it is held to be the program's own doing.
  private static let culpritsInARow = 4

  /// One score an answer. An answer over which the process ends is worth nothing and takes no other with it.
  func judge(
    _ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext
  ) async throws(PluginError) -> [Score] {
    do throws(PluginError) {
      return try await scores(of: answers, for: task, context)
    } catch {
      guard error.code == .ended, answers.count > 1 else { throw error }
      return try await judgeWithoutCulprits(answers, for: task, context, after: error)
    }
  }

  /// Scores the answers one by one to find those over which the process ends, then the others together.
  ///
  /// All of it takes no longer than one call may.
  ///
  /// - Throws: `failure` when no answer, or every answer, ends the process by itself, or when time is up.
  private func judgeWithoutCulprits(
    _ answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext, after failure: PluginError
  ) async throws(PluginError) -> [Score] {
    let deadline = ContinuousClock.now + limits.callTime
    var all = answers.map { _ in Score.zero(because: "the plugin's process ended when it scored this answer") }
    var sound: [Int] = []
    for (index, answer) in answers.enumerated() {
      do throws(PluginError) {
        _ = try await scores(of: [answer], for: task, context, until: deadline)
        sound.append(index)
      } catch {
        let isHopeless = sound.isEmpty && index + 1 >= Plugin.culpritsInARow
        guard error.code == .ended, ContinuousClock.now < deadline, !isHopeless else { throw failure }
      }
    }
    guard !sound.isEmpty, sound.count < answers.count else { throw failure }
    let judged = try await scores(of: sound.map { answers[$0] }, for: task, context, until: deadline)
    for (index, score) in zip(sound, judged) { all[index] = score }
    // Else whoever sends such an answer every round would make each restart take longer than the one before.
    forgive()
    return all
  }

  private func scores(
    of answers: [AnswerBytes], for task: PreparedTask, _ context: ScoreContext,
    until deadline: ContinuousClock.Instant? = nil
  ) async throws(PluginError) -> [Score] {
    let limit = deadline.map { max(.zero, $0 - .now) }
    guard case .scores(let worths) = try await ask(.score(answers, task, context), within: limit) else {
      throw PluginError(program.name, .garbage, "answered something else than it was asked")
    }
    guard worths.count == answers.count else {
      throw PluginError(program.name, .wrongScoreCount, "gave \(worths.count) scores for \(answers.count) answers")
    }
    var scores: [Score] = []
    for (answer, worth) in zip(answers, worths) {
      guard let score = worth.score else {
        throw PluginError(
          program.name, .invalidScore,
          "gave uid \(answer.uid) a score of \(worth.billionths) billionths, which is not in 0...1")
      }
      scores.append(score)
    }
    return scores
  }
}
