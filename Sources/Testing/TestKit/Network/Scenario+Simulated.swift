package import Scenarios

extension Scenario {
  /// Runs this in one process, in virtual time.
  ///
  /// - Parameter makeHost: Makes what a node runs.
  /// - Throws: What kept the network from coming up.
  package func simulate(makeHost: @escaping SimulatedWorld.HostMaker) throws -> ScenarioVerdict {
    let start = ContinuousClock.now
    let world = SimulatedWorld(plan(), makeHost: makeHost)
    var verdict = try world.simulation.run { _ in
      do {
        let verdict = try await ScenarioRun(self, in: world).run()
        await world.close()
        return verdict
      } catch {
        await world.close()
        throw error
      }
    }
    world.simulation.settle()
    verdict.elapsed = .now - start
    return verdict
  }
}
