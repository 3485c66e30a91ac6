"""Counts words."""


def count(text):
    total = {}
    for word in text.split():
        total[word] = total.get(word, 0) + 1
    return total


def report(text):
    for word, times in sorted(count(text).items()):
        print(word, times)


report("the cat and the dog")
