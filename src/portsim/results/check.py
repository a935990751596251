"""t"""
def check_sentences(facts): return []
