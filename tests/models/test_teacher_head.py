"""A teacher's head learns emotions from an encoder's states, and takes no notice of what shifts a whole recording."""

import torch

from model_builder.models.teacher_head import TeacherHead

CLIPS, FRAMES, CHANNELS = 64, 12, 8


def generated_states(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """States of which the first four channels say the class for a third of the time; each channel has a scale and an offset of its own."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(CLIPS) % 4
    states = 0.5 * torch.randn(CLIPS, FRAMES, CHANNELS, generator=generator)
    states[torch.arange(CLIPS), : FRAMES // 3, labels] += 4.0
    return states * torch.logspace(0, 2, CHANNELS) + torch.linspace(-50, 50, CHANNELS), labels


def trained_head() -> TeacherHead:
    torch.manual_seed(0)
    states, labels = generated_states(0)
    head = TeacherHead(states.mean(dim=(0, 1)), states.std(dim=(0, 1))).train()
    optimizer = torch.optim.AdamW(head.parameters(), 3e-3)
    for _ in range(150):
        loss = head.loss(states.half(), torch.eye(4)[labels], torch.zeros(CLIPS, 2, 6))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return head.eval()


def test_a_head_names_the_class_of_new_clips_whatever_the_scale_of_their_channels():
    (states, labels), head = generated_states(1), trained_head()
    assert (head(states).argmax(dim=1) == labels).float().mean() > 0.95


def test_standardised_channels_have_mean_0_and_deviation_1():
    states, _ = generated_states(2)
    standardised = TeacherHead(states.mean(dim=(0, 1)), states.std(dim=(0, 1))).standardise(states)
    assert torch.allclose(standardised.mean(dim=(0, 1)), torch.zeros(CHANNELS), atol=1e-4)
    assert torch.allclose(standardised.std(dim=(0, 1)), torch.ones(CHANNELS), atol=1e-4)


def test_votes_teach_where_listeners_were_asked():
    torch.manual_seed(0)
    states, labels = generated_states(0)
    head = TeacherHead(states.mean(dim=(0, 1)), states.std(dim=(0, 1)))
    votes = torch.zeros(CLIPS, 2, 6)
    assert torch.autograd.grad(head.loss(states, torch.eye(4)[labels], votes), head.vote_classifier.weight)[0].eq(0).all()
    votes[:, 0, 0] = 1.0
    assert torch.autograd.grad(head.loss(states, torch.eye(4)[labels], votes), head.vote_classifier.weight)[0].ne(0).any()
