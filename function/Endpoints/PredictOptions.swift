import Inference
import ModelFile

/// What a body with `inputs` asks for besides its texts.
struct PredictOptions: Equatable {
    /// The values that are returned as scores.
    enum Scoring: Equatable {
        /// The scores of the model.
        case model
        /// The logits of the model.
        case logits
        /// Scores that another function than that of the model makes of the logits.
        case activation(Decision.Activation)
    }

    /// The most labels in the answer to a text, or nil for all.
    var topK: Int?
    var scoring = Scoring.model
    /// Whether texts that have more tokens than the model reads are refused.
    var refusesLongTexts = false

    /// The scores of a text.
    func scores(_ prediction: Prediction, _ decision: Decision) -> [Float] {
        switch scoring {
        case .model: return prediction.scores
        case .logits: return prediction.logits
        case .activation(let activation):
            var decision = decision
            decision.activation = activation
            return decision.scores(of: prediction.logits)
        }
    }
}
