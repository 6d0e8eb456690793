"""The loss against plain cross entropy, against finite differences, and for what it promises about hard and rare classes."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from model_builder.training.focal_loss import AdaptiveFocalLoss

LABELS = torch.tensor([0, 1, 2, 3, 0, 1, 2, 3])


def random_logits(seed: int = 0, clips: int = 8) -> torch.Tensor:
    return 2 * torch.randn(clips, 4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def logits_with(probabilities: list[float]) -> torch.Tensor:
    """Logits that give each clip's true class the probability asked for, and the three others equal shares of the rest."""
    rows = torch.zeros(len(probabilities), 4, dtype=torch.float64)
    for row, (label, probability) in enumerate(zip(LABELS, probabilities, strict=True)):
        rows[row, label] = math.log(probability / ((1 - probability) / 3))
    return rows


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
@pytest.mark.parametrize("training", [True, False])
def test_without_focus_and_with_equal_counts_it_is_cross_entropy(label_smoothing, training):
    loss = AdaptiveFocalLoss([50, 50, 50, 50], gamma=0.0, label_smoothing=label_smoothing).train(training)
    for seed in range(3):  # the difficulties that batches leave behind must not count either
        logits = random_logits(seed)
        torch.testing.assert_close(loss(logits, LABELS), F.cross_entropy(logits, LABELS, label_smoothing=label_smoothing))


def test_without_focus_and_smoothing_it_is_cross_entropy_weighted_by_class_and_averaged_over_clips():
    loss = AdaptiveFocalLoss([10, 100, 1000, 5], gamma=0.0, beta=0.99)
    logits = random_logits()
    expected = F.cross_entropy(logits, LABELS, weight=loss.class_weights.double(), reduction="sum") / len(LABELS)
    torch.testing.assert_close(loss(logits, LABELS), expected)


@pytest.mark.parametrize("gamma", [0.5, 2.5])
def test_without_adaptation_it_is_the_focal_loss_of_lin_et_al(gamma):
    logits = random_logits()
    probability = logits.softmax(1)[torch.arange(len(LABELS)), LABELS]
    expected = (-((1 - probability) ** gamma) * probability.log()).mean()
    torch.testing.assert_close(AdaptiveFocalLoss([7] * 4, gamma=gamma, adaptation=0.0)(logits, LABELS), expected)


def test_unless_told_otherwise_it_focuses_by_two_as_lin_et_al_and_a_class_of_no_difficulty_no_more_than_that():
    loss = AdaptiveFocalLoss([7] * 4)
    torch.testing.assert_close(loss.class_gammas, torch.full((4,), 2 * (1 + 0.75)))  # before the first batch, at 1 / classes
    loss.mean_probability.fill_(1.0)
    torch.testing.assert_close(loss.class_gammas, torch.full((4,), 2.0))


def test_the_formula_holds_at_difficulties_written_out_by_hand():
    loss = AdaptiveFocalLoss([9] * 4, gamma=2.0, adaptation=0.5).eval()
    loss.mean_probability.copy_(torch.tensor([0.2, 0.4, 0.6, 0.8]))
    torch.testing.assert_close(loss.class_gammas, torch.tensor([2.8, 2.6, 2.4, 2.2]))
    probabilities = [0.3, 0.9, 0.5, 0.7, 0.1, 0.6, 0.2, 0.4]
    gammas = [2.8, 2.6, 2.4, 2.2] * 2
    expected = np.mean([g / 2 * (1 - p) ** g * -math.log(p) for g, p in zip(gammas, probabilities, strict=True)])
    assert float(loss(logits_with(probabilities), LABELS)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("gamma", "label_smoothing"), [(0.0, 0.0), (0.5, 0.0), (1.0, 0.1), (2.0, 0.0), (3.0, 0.2)])
def test_the_gradient_is_that_of_finite_differences(gamma, label_smoothing):
    loss = AdaptiveFocalLoss([10, 200, 30, 400], gamma=gamma, adaptation=1.5, label_smoothing=label_smoothing)
    for seed in range(5):
        loss(random_logits(seed), LABELS)
    loss.eval()  # training mode moves the difficulties between two calls
    assert torch.autograd.gradcheck(lambda logits: loss(logits, LABELS), (random_logits(9).requires_grad_(),))


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_certain_and_hopeless_clips_have_finite_gradients(gamma):
    logits = torch.tensor([[80.0, 0, 0, 0], [-80.0, 80.0, 0, 0]], requires_grad=True)
    loss = AdaptiveFocalLoss([1] * 4, gamma=gamma)(logits, torch.tensor([0, 0]))
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(logits.grad).all()
    assert logits.grad[0].abs().max() < 1e-3 < logits.grad[1].abs().max()


def test_the_class_that_stays_hard_gets_the_largest_focusing_parameter_and_weighs_more_than_at_the_start():
    loss = AdaptiveFocalLoss([5] * 4, momentum=0.9)
    logits = logits_with([0.8, 0.6, 0.1, 0.4] * 2)
    first = loss.class_gammas.clone()
    hard = torch.tensor([2, 6])
    before = float(loss.eval()(logits[hard], LABELS[hard]))
    loss.train()
    for _ in range(100):
        loss(logits, LABELS)
    assert loss.class_gammas.argsort().tolist() == [0, 1, 3, 2]
    assert loss.class_gammas[2] > first[2] and loss.class_gammas[0] < first[0]
    torch.testing.assert_close(loss.mean_probability, torch.tensor([0.8, 0.6, 0.1, 0.4]), atol=1e-3, rtol=0)
    assert float(loss.eval()(logits[hard], LABELS[hard])) > before


@pytest.mark.parametrize("seed", range(5))
def test_focusing_parameters_stay_within_their_bounds_and_in_the_order_of_difficulty(seed):
    loss = AdaptiveFocalLoss([5] * 4, gamma=1.5, adaptation=2.0, momentum=0.5)
    rng = np.random.default_rng(seed)
    for _ in range(30):
        logits = torch.from_numpy(rng.normal(0, 5, (8, 4)))
        loss(logits, torch.from_numpy(rng.integers(0, 4, 8)))
        assert (loss.class_gammas >= 1.5).all() and (loss.class_gammas <= 1.5 * 3).all()
        assert (loss.class_gammas.argsort() == loss.mean_probability.argsort(descending=True)).all()


def test_a_class_that_the_batch_lacks_keeps_its_difficulty():
    loss = AdaptiveFocalLoss([5] * 4, momentum=0.9)
    logits = random_logits(clips=3)
    loss(logits, torch.tensor([0, 0, 2]))
    probability = logits.softmax(1).float()
    heard = torch.stack([probability[:2, 0].mean(), probability[2, 2]])
    torch.testing.assert_close(loss.mean_probability[[0, 2]], 0.9 * 0.25 + 0.1 * heard)
    assert loss.mean_probability[[1, 3]].tolist() == [0.25, 0.25]


def test_evaluation_leaves_the_difficulties_alone():
    loss = AdaptiveFocalLoss([5] * 4).eval()
    loss(random_logits(), LABELS)
    assert (loss.mean_probability == 0.25).all()


def test_weights_are_the_effective_numbers_of_cui_et_al_with_a_mean_of_one():
    counts, beta = [1, 10, 100, 1000], 0.99
    expected = np.array([(1 - beta) / (1 - beta**count) for count in counts])
    np.testing.assert_allclose(AdaptiveFocalLoss(counts, beta=beta).class_weights, expected / expected.mean(), rtol=1e-5)
    np.testing.assert_allclose(AdaptiveFocalLoss(counts, beta=0.0).class_weights, 1.0)
    near_one = AdaptiveFocalLoss(counts, beta=1 - 1e-9).class_weights  # the limit is 1 / n
    np.testing.assert_allclose(near_one / near_one[0], 1 / np.array(counts), rtol=1e-5)


def test_a_checkpoint_carries_the_difficulties():
    trained = AdaptiveFocalLoss([10, 20, 30, 40])
    for seed in range(4):
        trained(random_logits(seed), LABELS)
    resumed = AdaptiveFocalLoss([10, 20, 30, 40])
    resumed.load_state_dict(trained.state_dict())
    for seed in range(4, 8):
        assert float(resumed(random_logits(seed), LABELS)) == float(trained(random_logits(seed), LABELS))
    assert torch.equal(resumed.mean_probability, trained.mean_probability)


def test_the_same_batches_give_the_same_losses_bit_for_bit():
    runs = [AdaptiveFocalLoss([3, 5, 7, 9], label_smoothing=0.05) for _ in range(2)]
    for seed in range(10):
        first, second = (float(loss(random_logits(seed), LABELS)) for loss in runs)
        assert first == second


def test_no_gradient_flows_through_the_difficulties():
    loss = AdaptiveFocalLoss([5] * 4)
    logits = random_logits().requires_grad_()
    loss(logits, LABELS)
    assert not loss.mean_probability.requires_grad
    loss(logits, LABELS).backward()  # a second pass must not need the graph of the first


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"clip_counts": [5, 0, 5, 5]}, "clip counts"),
        ({"clip_counts": []}, "clip counts"),
        ({"gamma": -1.0}, "gamma"),
        ({"gamma": math.nan}, "gamma"),
        ({"gamma": math.inf}, "gamma"),
        ({"adaptation": -0.1}, "adaptation"),
        ({"beta": 1.0}, "beta"),
        ({"momentum": 1.0}, "momentum"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
    ],
)
def test_settings_that_make_no_loss_are_refused(settings, complaint):
    with pytest.raises(ValueError, match=f"^{complaint} (is|are) .*(must be|at least one clip)"):
        AdaptiveFocalLoss(**{"clip_counts": [5] * 4, **settings})
